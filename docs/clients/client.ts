// A client of the Batch API in one file, without a dependency: `node docs/clients/client.ts`, of a Node.js that runs
// TypeScript (22.18 or later), or Deno, or Bun.
//
// It is a sample of what a client owes (`conformance list 'client.*'`), and passes
// `conformance client -- node docs/clients/client.ts`. Unofficial.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { gunzipSync } from "node:zlib";

const BASE_URL = (process.env.CRUSTDATA_BASE_URL ?? "https://api.crustdata.com").replace(/\/+$/, "");
const KEY = process.env.CRUSTDATA_API_KEY ?? "";
const VERSION = "2025-11-01";
const MOST_IDENTIFIERS = 300;
const POLL_SECONDS = 2;
const TIMEOUT_SECONDS = 60;

interface Job {
  batch_id: string;
  status: string;
  identifier_count?: number | null;
  created_at?: string | null;
  result_count?: number | null;
  download_url?: string | null;
  error_message?: string | null;
}

interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/** Nobody can tell from the answer whether a job was made. */
class Unknown extends Error {}

const sleep = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000));
const text = (answer: Answer): string => new TextDecoder().decode(answer.body);

/** A redirect is an answer like any other: following one could carry the key along. */
async function exchange(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  const response = await fetch(url, { method, headers, body, redirect: "manual", signal });
  return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) };
}

/** A call to the API. What is throttled was not done, so it is sent again when there is room. */
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { Authorization: `Bearer ${KEY}`, "x-api-version": VERSION };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  for (;;) {
    const answer = await exchange(method, BASE_URL + path, headers, body === undefined ? undefined : JSON.stringify(body));
    if (answer.status !== 429) return answer;
    const reset = Number(answer.headers.get("x-ratelimit-reset") ?? 10);
    await sleep(reset >= 0 && reset <= 3600 ? reset + 0.2 : 10);
  }
}

/** The id of the job. A submission whose outcome is unknown is looked for, and never sent again. */
async function submit(identifiers: string[], fields: string[], known: Set<string>): Promise<string> {
  const started = Date.now();
  let answer: Answer | undefined;
  try {
    answer = await call("POST", "/batch/person/contact/enrich", { professional_network_profile_urls: identifiers, fields });
  } catch {
    // No answer came: the job may be made all the same.
  }
  if (answer && answer.status < 500 && (answer.status < 200 || answer.status >= 300)) {
    throw new Error(`the submission is refused: HTTP ${answer.status} ${text(answer).slice(0, 300)}`);
  }
  if (answer && answer.status < 300) {
    try {
      const job: unknown = JSON.parse(text(answer))?.batch_id;
      if (typeof job === "string") return job;
    } catch {
      // It can't be read: the job may be made all the same.
    }
  }
  const found = await lookFor(identifiers.length, started, known);
  if (found === undefined) throw new Unknown("it is not known whether a job was made: look before you pay twice");
  return found;
}

/** The job that was made since then and is not ours yet, where there is exactly one. */
async function lookFor(count: number, since: number, known: Set<string>): Promise<string | undefined> {
  const answer = await call("GET", "/batch?limit=100");
  if (answer.status !== 200) return undefined;
  const jobs: Job[] = JSON.parse(text(answer)).jobs ?? [];
  const found = jobs.filter(
    (job) =>
      !known.has(job.batch_id) && job.identifier_count === count && Date.parse(job.created_at ?? "") >= since - 5000,
  );
  return found.length === 1 ? found[0].batch_id : undefined;
}

/** The state of a job; its id is all that is needed, so a `status_url` leads nowhere else. */
async function poll(id: string): Promise<Job> {
  const answer = await call("GET", `/batch/${encodeURIComponent(id)}`);
  if (answer.status !== 200) throw new Error(`job ${id} can't be read: HTTP ${answer.status}`);
  return JSON.parse(text(answer));
}

/** The state of a job that is over, however long that takes. */
async function wait(id: string): Promise<Job> {
  for (;;) {
    const job = await poll(id);
    if (job.status === "completed") return job;
    if (job.status === "failed") throw new Error(`job ${id} failed: ${job.error_message}`);
    await sleep(POLL_SECONDS);
  }
}

/** The lines of a job's merged file, which holds all parts. The store gets no key. */
async function lines(job: Job): Promise<string[]> {
  for (let again = true; ; again = false) {
    if (!job.download_url) {
      if (job.result_count) throw new Error(`job ${job.batch_id} has results and no link to them`);
      return [];
    }
    const answer = await exchange("GET", job.download_url, {});
    if (answer.status === 200) {
      // All members of the file are unpacked; what is cut off is an error.
      const found = gunzipSync(answer.body).toString("utf8").split("\n").filter((line) => line.trim() !== "");
      found.forEach((line) => JSON.parse(line));
      return found;
    }
    if (!job.result_count && answer.status === 404) return [];
    if (!again || ![401, 403, 404, 410].includes(answer.status)) {
      throw new Error(`the results of job ${job.batch_id} can't be fetched: HTTP ${answer.status}`);
    }
    // Links expire: the job has a new one.
    job = await poll(job.batch_id);
  }
}

async function main(): Promise<void> {
  const given = readFileSync(process.env.CONFORMANCE_IDENTIFIERS ?? "", "utf8").split("\n");
  const identifiers = [...new Set(given.map((line) => line.trim()).filter((line) => line !== ""))];
  const fields = (process.env.CONFORMANCE_FIELDS ?? "").split(",");
  const output = process.env.CONFORMANCE_OUTPUT ?? "";
  const known = new Set<string>();
  writeFileSync(output, "");
  // One job at a time is never one too many.
  for (let start = 0; start < identifiers.length; start += MOST_IDENTIFIERS) {
    const id = await submit(identifiers.slice(start, start + MOST_IDENTIFIERS), fields, known);
    known.add(id);
    for (const line of await lines(await wait(id))) appendFileSync(output, `${line}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(`failed: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
