/** The public URL of the service. */
export interface PublicUrl {
  /** The HTTP status of a GET, or the error if there is no answer. */
  get(url: string): Promise<{ readonly status: number } | { readonly error: string }>;
}

const TIMEOUT_MS = 5_000;

/** Redirects are not followed: a success code may be one. */
export function fetchedPublicUrl(timeoutMs = TIMEOUT_MS): PublicUrl {
  return {
    async get(url) {
      try {
        const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
        await answer.body?.cancel();
        return { status: answer.status };
      } catch (error) {
        const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
        return { error: cause?.code ?? cause?.message ?? message };
      }
    },
  };
}
