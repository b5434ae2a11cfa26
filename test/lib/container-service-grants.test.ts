import { Annotations as Acknowledged, App, CfnOutput, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IConstruct } from 'constructs';
import { WEB } from './fixture';
import { ContainerService, ContainerServicePower } from '../../lib';

const WARNING = 'A permission was granted to the container service, but no resource policy of this app contains it\\.';

// New apps begin with this feature flag, and it rewrites the policies just before they are looked at.
describe.each([true, false])('with @aws-cdk/aws-iam:minimizePolicies %s', (minimize) => {
  let app: App;
  let stack: Stack;
  let service: ContainerService;
  beforeEach(() => {
    app = new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': minimize } });
    stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
    service = new ContainerService(stack, 'Service', { power: ContainerServicePower.NANO });
  });

  const principal = () => ({ AWS: stack.resolve(service.principalArn) });

  /** The statements, in all policies of a type, that allow the service something, with sorted actions: the flag decides on their order. */
  function statements(type: string, property = 'PolicyDocument', inStack = stack): any[] {
    return Object.values(Template.fromStack(inStack).findResources(type))
      .flatMap(({ Properties }) => Properties[property]?.Statement ?? [])
      .filter((statement) => statement.Effect === 'Allow' && JSON.stringify(statement.Principal) === JSON.stringify(principal()))
      .map((statement) => ({ ...statement, Action: Array.isArray(statement.Action) ? [...statement.Action].sort() : statement.Action }));
  }

  /** The statements that the warnings on the service ask for. */
  function warned(inStack = stack): any[] {
    return Annotations.fromStack(inStack).findWarning('*', Match.stringLikeRegexp(WARNING))
      .map(({ entry }) => JSON.parse(/add this statement to it: (\{.*\})\. If/.exec(entry.data as string)![1]));
  }

  test('a bucket allows it in the policy of the bucket', () => {
    const bucket = new s3.Bucket(stack, 'Bucket');
    const grant = bucket.grantRead(service);

    const { bucketArn } = bucket;
    expect(statements('AWS::S3::BucketPolicy')).toEqual([{
      Effect: 'Allow',
      Principal: principal(),
      Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
      Resource: [stack.resolve(bucketArn), stack.resolve(`${bucketArn}/*`)],
    }]);
    expect(principal().AWS).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Service/), 'PrincipalArn'] });
    expect(grant.success).toBe(true);
    expect(warned()).toEqual([]);
  });

  test('the policies of the roles in the stack stay as they are', () => {
    new s3.Bucket(stack, 'Bucket').grantReadWrite(service);

    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
  });

  test('a bucket with a KMS key allows it in the policy of the key as well', () => {
    new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'Key') }).grantRead(service);

    expect(statements('AWS::S3::BucketPolicy')).toHaveLength(1);
    expect(statements('AWS::KMS::Key', 'KeyPolicy')).toEqual([
      { Effect: 'Allow', Principal: principal(), Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: '*' },
    ]);
    expect(warned()).toEqual([]);
  });

  test('a queue allows it in the policy of the queue', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    queue.grantSendMessages(service);

    expect(statements('AWS::SQS::QueuePolicy')).toEqual([{
      Effect: 'Allow',
      Principal: principal(),
      Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
      Resource: stack.resolve(queue.queueArn),
    }]);
    expect(warned()).toEqual([]);
  });

  test('several grants on one resource are all there', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    queue.grantSendMessages(service);
    queue.grantConsumeMessages(service);

    expect(statements('AWS::SQS::QueuePolicy').flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage']));
    expect(warned()).toEqual([]);
  });

  test('a topic, a secret, a repository and a table allow it in their policies', () => {
    new sns.Topic(stack, 'Topic').grantPublish(service);
    new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') }).grantRead(service);
    new ecr.Repository(stack, 'Repository').grantRead(service);
    new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }).grantWriteData(service);

    expect(statements('AWS::SNS::TopicPolicy')).toMatchObject([{ Action: 'sns:Publish' }]);
    expect(statements('AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'))
      .toMatchObject([{ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'] }]);
    expect(statements('AWS::KMS::Key', 'KeyPolicy')).toMatchObject([{ Action: 'kms:Decrypt' }]);
    expect(statements('AWS::ECR::Repository', 'RepositoryPolicyText')).toMatchObject([{ Action: ['ecr:DescribeImages', 'ecr:DescribeRepositories'] }]);
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::Table', {
      ResourcePolicy: { PolicyDocument: { Statement: [{ Principal: principal(), Action: Match.arrayWith(['dynamodb:PutItem']) }] } },
    });
    expect(warned()).toEqual([]);
  });

  const table = () => new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, stream: dynamodb.StreamViewType.NEW_IMAGE });

  test.each<[string, () => iam.Grant]>([
    ['the data of a table', () => table().grantReadData(service)],
    ['the data of a table, to read and write', () => table().grantReadWriteData(service)],
    ['a table with an index', () => {
      const indexed = table();
      indexed.addGlobalSecondaryIndex({ indexName: 'other', partitionKey: { name: 'other', type: dynamodb.AttributeType.STRING } });
      return indexed.grantReadData(service);
    }],
    ['a global table', () => new dynamodb.TableV2(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }).grantReadWriteData(service)],
    ['the images of a repository, to pull', () => new ecr.Repository(stack, 'Repository').grantPull(service)],
    ['the images of a repository, to pull and push', () => new ecr.Repository(stack, 'Repository').grantPullPush(service)],
  ])('a grant of %s does not warn of actions that no policy of the resource can allow', (_, grant) => {
    grant();

    expect(warned()).toEqual([]);
  });

  test('a grant of the stream of a table, and of a repository outside the app, still warns', () => {
    table().grantStreamRead(service);
    ecr.Repository.fromRepositoryName(stack, 'Repository', 'other').grantPull(service);

    expect(warned().flatMap(({ Action }) => Action).sort()).toEqual([
      'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams',
      'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer',
    ]);
  });

  describe('a bucket in another stack, whose name the deployment uses', () => {
    let storage: Stack;
    let bucket: s3.Bucket;
    beforeEach(() => {
      storage = new Stack(app, 'Storage', { env: stack.env });
      bucket = new s3.Bucket(storage, 'Bucket', { bucketName: 'images-of-web', encryptionKey: new kms.Key(storage, 'Key') });
    });
    const deploy = (name: string) => service.addDeployment('Deployment', { containers: { web: { ...WEB, environment: { BUCKET: name } } } });

    test('a grant to the service makes a cycle', () => {
      bucket.grantReadWrite(service);
      deploy(bucket.bucketName);

      expect(() => app.synth()).toThrow(/cyclic reference/);
    });

    test('a role in the stack of the service, which the containers assume, is a way out', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: service.grantPrincipal });
      bucket.grantReadWrite(role);
      deploy(bucket.bucketName);

      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: principal() }] },
      });
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['s3:PutObject']) })]) },
        Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
      });
      expect(stack.dependencies).toEqual([storage]);
      expect(warned()).toEqual([]);
    });

    test('a name that is text is a way out', () => {
      bucket.grantReadWrite(service);
      deploy('images-of-web');

      expect(() => app.synth()).not.toThrow();
      expect(storage.dependencies).toEqual([stack]);
      Template.fromStack(storage).hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['s3:PutObject']), Principal: { AWS: { 'Fn::ImportValue': Match.anyValue() } } })] },
      });
    });
  });

  test('a function allows it in a permission', () => {
    new lambda.Function(stack, 'Function', {
      code: lambda.Code.fromInline('exports.handler = async () => {}'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_LATEST,
    }).grantInvoke(service);

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', Principal: principal().AWS });
    expect(warned()).toEqual([]);
  });

  test('a role lets it in as assumedBy', () => {
    new iam.Role(stack, 'Role', { assumedBy: service.grantPrincipal });

    expect(statements('AWS::IAM::Role', 'AssumeRolePolicyDocument')).toEqual([{ Effect: 'Allow', Principal: principal(), Action: 'sts:AssumeRole' }]);
    expect(warned()).toEqual([]);
  });

  test('a bucket of another stack allows it by an import', () => {
    const other = new Stack(app, 'Other', { env: { account: '111111111111', region: 'eu-central-1' } });
    new s3.Bucket(other, 'Bucket', { encryptionKey: new kms.Key(other, 'Key') }).grantRead(service);

    const imported = { AWS: { 'Fn::ImportValue': expect.stringMatching(/PrincipalArn/) } };
    const policy = Object.values(Template.fromStack(other).findResources('AWS::S3::BucketPolicy'))[0];
    expect(policy.Properties.PolicyDocument.Statement).toMatchObject([{ Principal: imported }]);
    const key = Object.values(Template.fromStack(other).findResources('AWS::KMS::Key'))[0];
    expect(key.Properties.KeyPolicy.Statement).toMatchObject([{}, { Principal: imported, Action: ['kms:Decrypt', 'kms:DescribeKey'] }]);
    expect(warned()).toEqual([]);
  });

  test('resources of several Regions allow it where they are', () => {
    const imported = ContainerService.fromContainerServiceAttributes(stack, 'Imported', {
      containerServiceName: 'web',
      containerServiceArn: 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d',
      principalArn: 'arn:aws:iam::222222222222:role/amazon/lightsail/web',
    });
    const other = new Stack(app, 'Other', { env: { account: '111111111111', region: 'us-east-1' } });
    for (const scope of [stack, other]) {
      new s3.Bucket(scope, 'Bucket').grantRead(imported);
      new s3.Bucket(scope, 'Named', { bucketName: PhysicalName.GENERATE_IF_NEEDED }).grantRead(imported);
      new ssm.StringParameter(scope, 'Parameter', { stringValue: 'x' }).grantRead(imported);
    }

    expect(warned()).toMatchObject([{ Action: expect.arrayContaining(['ssm:GetParameter']) }, { Action: expect.arrayContaining(['ssm:GetParameter']) }]);
    for (const scope of [stack, other]) {
      Template.fromStack(scope).resourceCountIs('AWS::S3::BucketPolicy', 2);
      Template.fromStack(scope).allResourcesProperties('AWS::S3::Bucket', { BucketName: Match.absent() });
    }
  });

  test('the containers can be told of the bucket that allows them', () => {
    const bucket = new s3.Bucket(stack, 'Bucket');
    bucket.grantRead(service);
    service.addDeployment('Deployment', { containers: { web: { ...WEB, environment: { BUCKET: bucket.bucketName } } } });

    // Template.fromStack() fails for resources that wait for each other.
    expect(statements('AWS::S3::BucketPolicy')).toHaveLength(1);
  });

  describe('warns', () => {
    test('of a resource that has no policy', () => {
      const parameter = new ssm.StringParameter(stack, 'Parameter', { stringValue: 'x' });
      parameter.grantRead(service);

      expect(warned()).toEqual([{
        Effect: 'Allow',
        Principal: principal(),
        Action: ['ssm:DescribeParameters', 'ssm:GetParameters', 'ssm:GetParameter', 'ssm:GetParameterHistory'],
        Resource: stack.resolve(parameter.parameterArn),
      }]);
    });

    test('of a role that was granted instead of assumedBy', () => {
      new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }).grantAssumeRole(service.grantPrincipal);

      expect(warned()).toMatchObject([{ Action: 'sts:AssumeRole' }]);
    });

    test('of an imported bucket, whose policy the app does not write', () => {
      s3.Bucket.fromBucketName(stack, 'Bucket', 'assets').grantRead(service);
      new s3.Bucket(stack, 'Own').grantRead(service);

      expect(JSON.stringify(warned().map(({ Resource }) => Resource))).toMatch(/^\[\[.*:s3:::assets".*:s3:::assets\/\*".*\]\]$/);
    });

    test('of a statement that was granted only in part', () => {
      const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'assets');
      new s3.CfnBucketPolicy(stack, 'Policy', {
        bucket: bucket.bucketName,
        policyDocument: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({
            principals: [new iam.ArnPrincipal(service.principalArn)],
            actions: ['s3:GetObject*', 's3:List*'],
            resources: [bucket.bucketArn, bucket.arnForObjects('*')],
          })],
        }),
      });
      bucket.grantRead(service);

      expect(warned()).toHaveLength(1);
    });

    test('of a statement that denies', () => {
      const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'assets');
      new s3.CfnBucketPolicy(stack, 'Policy', {
        bucket: bucket.bucketName,
        policyDocument: {
          Statement: [{
            Effect: 'Deny', Principal: principal(), Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'], Resource: '*',
          }],
        },
      });
      bucket.grantRead(service);

      expect(warned()).toHaveLength(1);
    });

    test('of another service that was not granted the same', () => {
      const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'assets');
      const other = new ContainerService(stack, 'Other', { power: ContainerServicePower.NANO });
      new s3.CfnBucketPolicy(stack, 'Policy', {
        bucket: bucket.bucketName,
        policyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: other.principalArn }, Action: 's3:DeleteObject*', Resource: '*' }] },
      });
      bucket.grantDelete(service);

      expect(warned()).toHaveLength(1);
    });

    test('not where the policy stands in the app all the same', () => {
      const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'assets');
      new s3.CfnBucketPolicy(stack, 'Policy', {
        bucket: bucket.bucketName,
        policyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: [service.principalArn] }, Action: 's3:DeleteObject*', Resource: '*' }] },
      });
      bucket.grantDelete(service);

      expect(warned()).toEqual([]);
    });

    test('in a stage', () => {
      const staged = new Stack(new Stage(app, 'Prod'), 'Stack');
      const granted = new ContainerService(staged, 'Service', { power: ContainerServicePower.NANO });
      new s3.Bucket(staged, 'Bucket').grantRead(granted);
      new ssm.StringParameter(staged, 'Parameter', { stringValue: 'x' }).grantRead(granted);

      expect(warned(staged)).toMatchObject([{ Action: expect.arrayContaining(['ssm:GetParameter']) }]);
    });

    test.each<[string, () => IConstruct]>([
      ['the service', () => service],
      ['the stack', () => stack],
    ])('no more of what is acknowledged for %s, whether before the grant or after it', (_, where) => {
      const [before, after] = ['Before', 'After'].map((id) => new ssm.StringParameter(stack, id, { stringValue: 'x' }));
      before.grantRead(service);
      Acknowledged.of(where()).acknowledgeWarning('cdk-lightsail-containers:grantWithoutResourcePolicy');
      after.grantRead(service);

      expect(warned()).toEqual([]);
    });

    test('no more of what is acknowledged for a service that is referred to by its attributes, and of others still', () => {
      const [quiet, loud] = ['Quiet', 'Loud'].map((id) => ContainerService.fromContainerServiceAttributes(stack, id, {
        containerServiceName: id.toLowerCase(),
        containerServiceArn: 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d',
        principalArn: `arn:aws:iam::222222222222:role/amazon/lightsail/${id.toLowerCase()}`,
      }));
      Acknowledged.of(quiet).acknowledgeWarning('cdk-lightsail-containers:grantWithoutResourcePolicy');
      for (const granted of [quiet, loud]) s3.Bucket.fromBucketName(stack, `BucketOf${granted.node.id}`, 'assets').grantRead(granted);

      expect(warned()).toMatchObject([{ Principal: { AWS: 'arn:aws:iam::222222222222:role/amazon/lightsail/loud' } }]);
    });

    test('on a service that is referred to by its attributes', () => {
      const imported = ContainerService.fromContainerServiceAttributes(stack, 'Imported', {
        containerServiceName: 'web',
        containerServiceArn: 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d',
        principalArn: 'arn:aws:iam::222222222222:role/amazon/lightsail/web',
      });
      new s3.Bucket(stack, 'Bucket').grantRead(imported);
      new ssm.StringParameter(stack, 'Parameter', { stringValue: 'x' }).grantRead(imported);

      expect(warned()).toMatchObject([{ Principal: { AWS: 'arn:aws:iam::222222222222:role/amazon/lightsail/web' }, Resource: {} }]);
      Annotations.fromStack(stack).hasWarning('/Stack/Imported/Principal', Match.stringLikeRegexp('cdk-lightsail-containers:grantWithoutResourcePolicy'));
    });
  });

  test('fails for a secret with the key of AWS, which is closed to other accounts', () => {
    expect(() => new secretsmanager.Secret(stack, 'Secret').grantRead(service)).toThrow('KMS Key must be provided for cross account access to Secret');
  });

  test('nothing is said where nothing was granted', () => {
    new CfnOutput(stack, 'Principal', { value: service.principalArn });

    expect(warned()).toEqual([]);
    Template.fromStack(stack).hasOutput('Principal', { Value: principal().AWS });
  });
});
