/** What the page asks of the program over HTTP. */

/** An answer that is none: `message` and `hint` are the program's own words. `status` 0: nobody answered. */
export class ApiFailure extends Error {
  constructor(readonly status: number, message: string, readonly hint: string) {
    super(message);
  }
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export type Query = Readonly<Record<string, string | number | null>>;

export class Api {
  constructor(private readonly token: string) {}

  /** The answer is ours, of the same build as this page: its shape is not checked again. */
  get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    const given = Object.entries(query).filter(([, value]) => value !== null && value !== "");
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.#ask("GET", text === "" ? path : `${path}?${text}`);
  }

  post<Answer>(path: string): Promise<Answer> {
    return this.#ask("POST", path);
  }

  put<Answer>(path: string, body: object): Promise<Answer> {
    return this.#ask("PUT", path, JSON.stringify(body));
  }

  async #ask<Answer>(method: string, path: string, body: string | null = null): Promise<Answer> {
    const response = await this.#send(method, path, body);
    if (response.ok) return await response.json();
    const { message, hint } = await failureOf(response);
    throw new ApiFailure(response.status, message, hint);
  }

  async #send(method: string, path: string, body: string | null): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== null) headers["content-type"] = "application/json";
    try {
      return await fetch(`/api/v1/${path}`, { method, headers, body });
    } catch (error) {
      // What fetch throws where nobody listens, or goes away while answering.
      if (error instanceof TypeError) throw new ApiFailure(0, "The program does not answer", "");
      throw error;
    }
  }
}

async function failureOf(response: Response): Promise<{ message: string; hint: string }> {
  try {
    const { error } = await response.json();
    return { message: String(error.message), hint: String(error.hint) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return { message: `The program answered ${response.status}`, hint: "" };
    }
    throw error;
  }
}
