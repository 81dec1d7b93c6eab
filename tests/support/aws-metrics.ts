/** What AWS emits by itself: the metrics, their one dimension, and the kind of resource that it names. */
export const emitted: Record<string, { metrics: string[]; dimension: string; type: string }> = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  'AWS/States': {
    metrics: [
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionsFailed',
      'ExecutionsAborted',
      'ExecutionsTimedOut',
    ],
    dimension: 'StateMachineArn',
    type: 'AWS::StepFunctions::StateMachine',
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  'AWS/Lambda': {
    metrics: ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions', 'AsyncEventsDropped'],
    dimension: 'FunctionName',
    type: 'AWS::Lambda::Function',
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  'AWS/SQS': {
    metrics: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'NumberOfMessagesReceived'],
    dimension: 'QueueName',
    type: 'AWS::SQS::Queue',
  },
  // An HTTP API's; a REST API has others. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  'AWS/ApiGateway': {
    metrics: ['4xx', '5xx', 'Count', 'IntegrationLatency', 'Latency', 'DataProcessed'],
    dimension: 'ApiId',
    type: 'AWS::ApiGatewayV2::Api',
  },
};
