import { RegistryFailure, type RegistryFailureKind, type Subject } from './registry-failure';

export interface FailedResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly retryAfterMs?: number;
  readonly subject: Subject;
  readonly role: 'source' | 'target';
  readonly isAnonymous: boolean;
  /** It was not the registry that answered, but the storage that it redirects to. */
  readonly isElsewhere: boolean;
  /** Takes secrets out of a text that others wrote. */
  readonly clean: (text: string) => string;
}

interface RegistryError {
  readonly code?: string;
  readonly message?: string;
}

/** An upload that went wrong for a reason that a new session does not have. */
const NEW_SESSION_HELPS = new Set(['BLOB_UPLOAD_INVALID', 'BLOB_UPLOAD_UNKNOWN', 'DIGEST_INVALID', 'RANGE_INVALID', 'SIZE_INVALID']);

/** What an answer that is no success means. */
export function responseFailure(response: FailedResponse): RegistryFailure {
  const { status, body, subject, clean, retryAfterMs } = response;
  const error = registryError(body);
  const isHtml = error === undefined && looksLikeHtml(response.contentType, body);
  const kind = isHtml && status < 500 && status !== 429 ? 'refused' : kindOf(response, error?.code);
  const words = isHtml ? 'with a web page (HTML) in place of a registry\'s answer' : clean([error?.code, error?.message].filter(Boolean).join(': '));
  const who = response.isElsewhere ? 'the storage that the registry redirects to' : 'the registry';
  return new RegistryFailure({
    kind,
    subject,
    retryAfterMs,
    status,
    code: error?.code,
    problem: `${who} answered ${status}${words && ` ${words}`}`.replace(/[.\s]+$/, ''),
    remedy: isHtml ? HTML_REMEDY : remedyFor(kind, response),
  });
}

export const HTML_REMEDY = 'Check that this is the address of a container registry, and that no proxy or login page stands before it.';

export function looksLikeHtml(contentType: string, body: string): boolean {
  return /^text\/html\b/i.test(contentType) || /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(body);
}

function kindOf({ status, isElsewhere }: FailedResponse, code: string | undefined): RegistryFailureKind {
  if (status === 429 || code === 'TOOMANYREQUESTS') return 'throttled';
  // A presigned address lives for a limited time; the registry gives a new one.
  if (isElsewhere && status !== 404) return 'transient';
  if (code !== undefined && NEW_SESSION_HELPS.has(code)) return 'transient';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'missing';
  if (status === 408 || status === 416 || status === 425 || status === 499) return 'transient';
  return status >= 500 && status !== 501 ? 'transient' : 'refused';
}

function remedyFor(kind: RegistryFailureKind, { role, isAnonymous, status }: FailedResponse): string | undefined {
  switch (kind) {
    case 'denied': {
      const allowed = role === 'source' ? 'pull from' : 'push to';
      return isAnonymous
        ? `Give credentials that may ${allowed} this repository, and check that it exists: some registries answer the same if it does not.`
        : `Check the credentials, that they may ${allowed} this repository, and that it exists.`;
    }
    case 'missing':
      return role === 'source' ? 'Check the name of the repository and the tag or digest, and that the image was pushed.' : 'Check that the repository exists.';
    case 'throttled':
      return isAnonymous ? 'Give credentials: registries allow more requests to users that they know. Or deploy again later.' : 'Deploy again later.';
    case 'refused':
      return status === 413 ? 'A proxy or the registry limits the size of what is pushed.' : undefined;
    default:
      return undefined;
  }
}

function registryError(body: string): RegistryError | undefined {
  try {
    const { errors } = JSON.parse(body) as { errors?: unknown };
    const [first] = Array.isArray(errors) ? errors as unknown[] : [];
    if (typeof first !== 'object' || first === null) return undefined;
    const { code, message } = first as { code?: unknown; message?: unknown };
    return {
      ...(typeof code === 'string' && { code: code.slice(0, 60) }),
      ...(typeof message === 'string' && { message }),
    };
  } catch {
    return undefined;
  }
}
