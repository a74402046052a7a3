"""Rules, results, profiles and datasets in the forms that other tools read and write."""
