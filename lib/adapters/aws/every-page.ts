import { awsCall } from './aws-call.ts';

/** The pages of one of the SDK's paginators, each read under `awsCall`. */
export async function* everyPage<T>(operation: string, pages: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const page = await awsCall(operation, () => pages.next());
    if (page.done === true) return;
    yield page.value;
  }
}
