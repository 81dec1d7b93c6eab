import { ApiError, type ApiAnswer, type ApiCall } from './call.ts';

const numberOf = (call: ApiCall, name: string, fallback: number): number => {
  const text = call.query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text)) throw new ApiError(400, { error: `${name} is invalid` });
  return Math.max(1, Number(text));
};

/**
 * One page of a list, with GitLab's headers of offset paging. `per_page` counts up to 100.
 * https://docs.gitlab.com/api/rest/#pagination
 */
export const paged = <Item>(call: ApiCall, items: readonly Item[], show: (item: Item) => unknown): ApiAnswer => {
  const page = numberOf(call, 'page', 1);
  const perPage = Math.min(100, numberOf(call, 'per_page', 20));
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const headers = {
    'x-page': String(page),
    'x-per-page': String(perPage),
    'x-next-page': page < pages ? String(page + 1) : '',
    'x-prev-page': page > 1 ? String(page - 1) : '',
    'x-total': String(items.length),
    'x-total-pages': String(pages),
  };
  return { status: 200, headers, body: items.slice((page - 1) * perPage, page * perPage).map(show) };
};
