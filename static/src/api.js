// The one way to the API: JSON in and out, the CSRF token and the school in headers, problem+json as ApiError.
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.message || problem.title || String(status));
    this.status = status;
    this.code = problem.code || "error";
    this.retryable = Boolean(problem.retryable);
  }
}

/** The headers that say who asks: one school per page, so that a tab left open cannot act in another. */
export function authorHeaders() {
  const { csrf, school } = document.body.dataset;
  return { "X-CSRFToken": csrf || "", ...(school ? { "X-School": school } : {}) };
}

/** Calls the API. Throws ApiError on an answer of 400 and above, TypeError when the server cannot be reached. */
export async function api(method, path, body) {
  const response = await fetch(path, {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", ...authorHeaders(), ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const answer = isJson ? await response.json() : null;
  if (!response.ok) throw new ApiError(response.status, answer || {});
  return answer;
}
