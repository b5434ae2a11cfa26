import { Fn } from 'aws-cdk-lib';

/**
 * The host name of a URL that is a token. After a rollback that had nothing to undo, the URL can be empty. The two slashes let CloudFormation
 * select a part of it even then.
 */
export function hostNameOf(url: string): string {
  return Fn.select(2, Fn.split('/', `${url}//`));
}
