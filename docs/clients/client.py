#!/usr/bin/env python3
"""A client of the Batch API in one file, on the standard library alone.

It is a sample of what a client owes (`conformance list 'client.*'`), and passes
`conformance client -- python3 docs/clients/client.py`. Unofficial.
"""

import gzip
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BASE_URL = os.environ.get("CRUSTDATA_BASE_URL", "https://api.crustdata.com").rstrip("/")
KEY = os.environ["CRUSTDATA_API_KEY"]
VERSION = "2025-11-01"
MOST_IDENTIFIERS = 300
POLL_SECONDS = 2.0
TIMEOUT_SECONDS = 60


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: following one would carry the key along."""

    def redirect_request(self, *_):
        return None


# No redirects; an environment's proxy is kept.
OPENER = urllib.request.build_opener(NoRedirect)


class Failed(Exception):
    """What the user has to know."""


class Unknown(Exception):
    """Nobody can tell from the answer whether a job was made."""


def exchange(method, url, headers, body=None):
    """Status, headers and body of the response, whatever the status."""
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def call(method, path, body=None):
    """A call to the API. What is throttled was not done, so it is sent again when there is room."""
    headers = {"Authorization": f"Bearer {KEY}", "x-api-version": VERSION}
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    while True:
        status, answered, text = exchange(method, BASE_URL + path, headers, body)
        if status != 429:
            return status, text
        try:
            reset = float(answered.get("x-ratelimit-reset") or 10)
        except ValueError:
            reset = 10.0
        time.sleep(reset + 0.2 if 0 <= reset <= 3600 else 10)


def submit(identifiers, fields, known):
    """The id of the job. A submission whose outcome is unknown is looked for, and never sent again."""
    body = {"professional_network_profile_urls": identifiers, "fields": fields}
    started = time.time()
    try:
        status, text = call("POST", "/batch/person/contact/enrich", body)
        if status >= 500:
            raise Unknown(f"HTTP {status}")
        if not 200 <= status < 300:
            raise Failed(f"the submission is refused: HTTP {status} {text[:300]!r}")
        try:
            return json.loads(text)["batch_id"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unknown("an answer that can't be read") from error
    except (Unknown, OSError, urllib.error.URLError, http.client.HTTPException) as error:
        found = look_for(len(identifiers), started, known)
        if found is None:
            raise Failed(f"it is not known whether a job was made ({error}): look before you pay twice") from error
        return found


def look_for(count, since, known):
    """The job that was made since then and is not ours yet, where there is exactly one."""
    status, text = call("GET", "/batch?limit=100")
    if status != 200:
        return None
    found = []
    for job in json.loads(text).get("jobs", []):
        created = str(job.get("created_at", ""))[:19]
        try:
            made = time.mktime(time.strptime(created, "%Y-%m-%dT%H:%M:%S")) - time.timezone
        except ValueError:
            continue
        if job["batch_id"] not in known and job.get("identifier_count") == count and made >= since - 5:
            found.append(job["batch_id"])
    return found[0] if len(found) == 1 else None


def poll(batch_id):
    """The state of a job; its id is all that is needed, so a `status_url` leads nowhere else."""
    status, text = call("GET", "/batch/" + urllib.parse.quote(batch_id))
    if status != 200:
        raise Failed(f"job {batch_id} can't be read: HTTP {status}")
    return json.loads(text)


def wait(batch_id):
    """The state of a job that is over, however long that takes."""
    while True:
        job = poll(batch_id)
        if job["status"] == "completed":
            return job
        if job["status"] == "failed":
            raise Failed(f"job {batch_id} failed: {job.get('error_message')}")
        time.sleep(POLL_SECONDS)


def lines(job):
    """The lines of a job's merged file, which holds all parts. The store gets no key."""
    for again in (True, False):
        link = job.get("download_url")
        if not link:
            if job.get("result_count"):
                raise Failed(f"job {job['batch_id']} has results and no link to them")
            return []
        status, _, body = exchange("GET", link, {})
        if status == 200:
            break
        if not job.get("result_count") and status == 404:
            return []
        if not again or status not in (401, 403, 404, 410):
            raise Failed(f"the results of job {job['batch_id']} can't be fetched: HTTP {status}")
        # Links expire: the job has a new one.
        job = poll(job["batch_id"])
    try:
        text = gzip.decompress(body)
        found = [line for line in text.split(b"\n") if line.strip()]
        for line in found:
            json.loads(line)
    except (EOFError, OSError, ValueError) as error:
        raise Failed(f"the results of job {job['batch_id']} can't be read: {error}") from error
    return found


def main():
    with open(os.environ["CONFORMANCE_IDENTIFIERS"], encoding="utf-8") as file:
        identifiers = list(dict.fromkeys(line.strip() for line in file if line.strip()))
    fields = os.environ["CONFORMANCE_FIELDS"].split(",")
    known = set()
    with open(os.environ["CONFORMANCE_OUTPUT"], "wb") as output:
        # One job at a time is never one too many.
        for start in range(0, len(identifiers), MOST_IDENTIFIERS):
            batch_id = submit(identifiers[start : start + MOST_IDENTIFIERS], fields, known)
            known.add(batch_id)
            for line in lines(wait(batch_id)):
                output.write(line + b"\n")


if __name__ == "__main__":
    try:
        main()
    except (Failed, OSError, ValueError) as error:
        sys.exit(f"failed: {error}")
