/** Calls of the fleet as any HTTP client can make them, without an SDK. */
export const callsByHand = (url: () => string) => {
  const call = (body: string, headers: Record<string, string>, path = '/') =>
    fetch(`${url()}${path}`, { method: 'POST', body, headers });
  return {
    call,
    ecs: (operation: string, body: string) =>
      call(body, {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
        'user-agent': 'curl/8 app/by-hand lang/none',
      }),
    elb: (form: string) => call(form, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
  };
};
