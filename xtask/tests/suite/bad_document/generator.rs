//! Documents with a part that progenitor refuses or panics on: the part is found by trying each alone.

use super::check;

#[test]
fn a_schema_that_the_generator_refuses() {
    check(
        "description: Lines in the merged results file.\n",
        "description: Lines.\n          enum: [many]\n",
        "
            #/components/schemas/BatchJob is more than the client generator can take: type error value does not conform to the given schema
            expected: OpenAPI 3.0 in a form that progenitor supports
            needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs
        ",
    );
}

#[test]
fn a_schema_that_the_generator_panics_on() {
    check(
        "      required: [email]\n",
        "      required: [email]\n      additionalProperties: {type: \"null\"}\n",
        "
            #/components/schemas/Email is more than the client generator can take: not yet implemented: invalid type: null
            expected: OpenAPI 3.0 in a form that progenitor supports
            needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs
        ",
    );
}

#[test]
fn an_operation_that_the_generator_refuses() {
    check(
        "in: query\n          description: The `next_cursor` of the page before.\n",
        "in: cookie\n          description: The `next_cursor` of the page before.\n",
        "
            #/paths/~1batch/get is more than the client generator can take: unexpected or unhandled format in the OpenAPI document cookie parameters are not supported Cookie {
            expected: OpenAPI 3.0 in a form that progenitor supports
            needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs
        ",
    );
}

#[test]
fn an_operation_that_the_generator_panics_on() {
    check(
        "      requestBody:\n        required: true\n        content:\n",
        "      requestBody:\n        required: true\n        content:\n          text/plain: {}\n",
        "
            #/paths/~1batch~1person~1contact~1enrich/post is more than the client generator can take: not yet implemented: more media types than expected for submit_contact_enrich: 2
            expected: OpenAPI 3.0 in a form that progenitor supports
            needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs
        ",
    );
}

#[test]
fn two_keys_of_one_name_in_rust() {
    check(
        "        error_message:\n          description: What went",
        "        errorMessage:\n          type: string\n        error_message:\n          description: What went",
        "
            #/components/schemas/BatchJob is more than the client generator can take: two keys of it become the field `error_message`
            expected: OpenAPI 3.0 in a form that progenitor supports
            needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs
        ",
    );
}
