import { Fn } from 'aws-cdk-lib';

/**
 * The host name of a URL that is a token. Older versions of the handler could answer with an empty URL. The two slashes let CloudFormation
 * select a part of it even then.
 */
export function hostNameOf(url: string): string {
  return Fn.select(2, Fn.split('/', `${url}//`));
}
