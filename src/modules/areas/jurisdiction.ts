import { Problem } from '../../common/http/problem.js';

/** What an actor is told who wants to change something outside of the area they are responsible for. */
export function outsideJurisdiction(): Problem {
  return Problem.forbidden(
    {
      en: 'This lies outside of the area you are responsible for.',
      vi: 'Đối tượng nằm ngoài địa bàn bạn phụ trách.',
    },
    'JURISDICTION',
  );
}
