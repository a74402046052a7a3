// In the admin panel the fields of a rule belong to its check and dataset: choosing one asks for the form anew, with
// what was typed so far. Without this script, saving shows the form again with the right fields.
(() => {
  document.addEventListener("change", (event) => {
    if (!["id_dataset", "id_check_name"].includes(event.target.id)) return;
    const query = new URLSearchParams(window.location.search);
    ["dataset", "check_name", "name", "dimension", "severity", "threshold"].forEach((name) => {
      const field = document.getElementById(`id_${name}`);
      if (field) query.set(name, field.value);
    });
    if (query.get("dataset") && query.get("check_name")) window.location.search = query.toString();
  });
})();
