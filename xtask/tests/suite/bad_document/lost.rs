//! Documents that lost something the code relies on.

use super::check;

#[test]
fn a_lost_bound() {
    check(
        "maxItems: 300",
        "maxItms: 300",
        "
            #/components/schemas/ProfileUrls/oneOf/0/maxItems is missing
            expected: a whole number from 0 to 4294967295
            needed for: `submit::identifiers::MAX`: Most identifiers in a submission
        ",
    );
    check(
        "      minimum: 10\n",
        "",
        "
            #/components/schemas/ChunkSize/minimum is missing
            expected: a whole number from 0 to 4294967295
            needed for: `submit::chunk_size::MIN`: Smallest chunk size
        ",
    );
}

#[test]
fn a_lost_operation() {
    check(
        "  /batch/{batch_id}:\n",
        "  /batch/{id}:\n",
        "
            #/paths/~1batch~1{id} lacks the job's id
            expected: a path with `{batch_id}`
            needed for: `job::PATH`, in which the id is filled in
        ",
    );
    check(
        "operationId: get_batch",
        "operationId: read_batch",
        "
            #/paths lacks an operation
            expected: an operation with `operationId: get_batch`
            needed for: client, mock and suite, which are built on this operation
        ",
    );
}

#[test]
fn a_lost_part_of_an_operation() {
    check(
        "      x-answers:\n",
        "      x-answer:\n",
        "
            #/paths/~1batch~1person~1contact~1enrich/post/x-answers is missing
            expected: something with /status, a text
            needed for: `submit::accepted::STATUS`: `status` of every accepted submission
        ",
    );
    check(
        "- name: cursor\n          in: query\n          description: The `next_cursor` of the page before.\n",
        "- name: after\n          in: query\n          description: The `next_cursor` of the page before.\n",
        "
            #/paths/~1batch/get/parameters lack a parameter
            expected: a parameter with `name: cursor`
            needed for: client, mock and suite, which know this parameter by name
        ",
    );
    check(
        "- name: x-api-version\n          in: header\n",
        "- name: x-api-version\n          in: query\n",
        "
            #/paths/~1batch~1person~1contact~1enrich/post/parameters lack a header
            expected: a parameter with `in: header`
            needed for: `header::API_VERSION`, the header that names the version of the API
        ",
    );
    check(
        "        2XX:\n          description: The job",
        "        \"202\":\n          description: The job",
        "
            #/paths/~1batch~1person~1contact~1enrich/post/responses/2XX is missing
            expected: a mapping
            needed for: the client, which takes any success status of a submission
        ",
    );
}

#[test]
fn a_lost_schema() {
    check(
        "    ChunkSize:\n",
        "    ChunkSizes:\n",
        "
            #/components/schemas/ChunkSize is missing
            expected: something with /minimum, a whole number from 0 to 4294967295
            needed for: `submit::chunk_size::MIN`: Smallest chunk size
        ",
    );
    check(
        "        - title: ProfileUrlList\n          type: array",
        "        - title: ProfileUrlList\n          type: object",
        "
            #/components/schemas/ProfileUrls/oneOf lacks an alternative
            expected: an alternative with `type: array`
            needed for: the bounds of the list of identifiers
        ",
    );
}

#[test]
fn a_lost_key() {
    check(
        "required: [batch_id, status, entity, action, identifier_count,",
        "required: [batch_id, status, entity, action,",
        r#"
            #/components/schemas/AcceptedBatch/required lacks "identifier_count"
            expected: "identifier_count" among ["batch_id", "status", "entity", "action", "entities_requested", "status_url"]
            needed for: client, mock and suite, which know the key `identifier_count` by name
        "#,
    );
    check(
        "        result_count:\n          description: Lines",
        "        results:\n          description: Lines",
        "
            #/components/schemas/BatchJob/properties/result_count is missing
            expected: a mapping
            needed for: client, mock and suite, which know the key `result_count` by name
        ",
    );
    check(
        "        professional_network_profile_urls:\n          $ref",
        "        urls:\n          ref",
        "
            #/components/schemas/ContactEnrichRequest/properties lack the identifiers
            expected: a key with `$ref: #/components/schemas/ProfileUrls`
            needed for: `submit::identifiers::KEY`, the key of the identifiers in a submission
        ",
    );
}

#[test]
fn a_lost_value() {
    check(
        "enum: [pending, processing, completed, failed]",
        "enum: [pending, processing, done, failed]",
        r#"
            #/components/schemas/JobStatus/enum lacks "completed"
            expected: "completed" among ["pending", "processing", "done", "failed"]
            needed for: client, mock and suite, which know this value by name
        "#,
    );
    check(
        "enum: [pending, processing, completed, failed]",
        "enum: []",
        "
            #/components/schemas/JobStatus/enum is unfit: []
            expected: a list of one or more different texts
            needed for: `job::status`: Values of `status` of a job
        ",
    );
}

#[test]
fn lost_limits() {
    check(
        "\nx-limits:\n",
        "\nx-limit:\n",
        "
            #/x-limits is missing
            expected: something with /active-jobs, a whole number from 0 to 4294967295
            needed for: `limits::ACTIVE_JOBS`: Jobs of one account that may be pending or processing at the same time
        ",
    );
    check(
        "  active-jobs: 5\n",
        "",
        "
            #/x-limits/active-jobs is missing
            expected: a whole number from 0 to 4294967295
            needed for: `limits::ACTIVE_JOBS`: Jobs of one account that may be pending or processing at the same time
        ",
    );
}

#[test]
fn a_reference_that_leads_nowhere_or_in_a_circle() {
    check(
        "        chunk_size:\n          $ref: \"#/components/schemas/ChunkSize\"",
        "        chunk_size:\n          $ref: \"#/components/schemas/Chunk\"",
        "
            #/components/schemas/Chunk is missing
            expected: a mapping
            needed for: client, mock and suite, which know the key `chunk_size` by name
        ",
    );
    check(
        "    ChunkSize:\n",
        "    ChunkSize:\n      $ref: \"#/components/schemas/ChunkSize\"\n",
        "
            #/components/schemas/ChunkSize is missing
            expected: something with /minimum, a whole number from 0 to 4294967295
            needed for: `submit::chunk_size::MIN`: Smallest chunk size
        ",
    );
}

/// In a part that no code is made of.
#[test]
fn a_reference_that_nobody_follows() {
    check(
        "            $ref: \"#/components/schemas/Endpoint\"\n",
        "            $ref: \"#/components/schemas/Entpoint\"\n",
        r##"
            #/components/schemas/EndpointsBody/properties/endpoints/items/$ref leads nowhere: "#/components/schemas/Entpoint"
            expected: a place in this document, as in `#/components/schemas/BatchJob`
            needed for: the code and the pages, which follow it
        "##,
    );
}
