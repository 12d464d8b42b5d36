"""How a model's vectors are computed: the model's folder, its compiled form, and what runs it fastest here."""
