"""What schemathesis cannot know of ringcard by its document alone."""

import schemathesis

# Of a value that has the right form: whether there is such a thing, and whether it makes sense beside the others.
OF_SENSE = {
    "unknown", "unknown_user", "unknown_integration", "unknown_contact", "unknown_sheet", "unknown_group", "taken",
    "twice", "not_a_number", "not_public", "not_an_address", "not_a_host", "not_an_email", "past", "not_a_country",
    "not_a_cursor", "period", "bad_characters", "empty_file", "unknown_file", "damaged_file", "nameless", "guessable",
    "wrong_password", "wrong_code", "is_login", "no_groups", "groups_not_set",
}
# Members whose form is another's to say: of a kind of integration, of a file's columns, of a state, of who is meant.
BY_ANOTHER = ("settings.", "columns", "until", "number")


@schemathesis.check
def form_is_in_the_document(ctx, response, case):
    """What fits the document is refused for its sense alone: the document is as strict as the program."""
    if not case.meta or not case.meta.generation.mode.is_positive or response.status_code not in (400, 422):
        return
    said = response.json()
    errors = said.get("errors", [])
    of_form = [error for error in errors
               if error["code"] not in OF_SENSE and not error["field"].startswith(BY_ANOTHER)]
    assert errors and not of_form, f"{response.status_code}: {said}"


@schemathesis.hook
def filter_body(context, body):
    """Whoever asks stays an admin: the setting would make him a manager, and everything else would be 403."""
    return not (isinstance(body, dict) and body.get("second_factor_for_admins"))
