// Rows with named cells. On a narrow screen each row becomes a card; the roles are named because a table that is laid out
// otherwise is none to the browser any more.
import type { ComponentChildren } from 'preact';

export interface TableColumn<T> {
  /** Also the cell's name on a card; a column without one is for actions. */
  head: string;
  cell: (row: T) => ComponentChildren;
  /** start: names the row. wide: says how things stand; on a card it comes next. */
  as?: 'start' | 'number' | 'short' | 'actions' | 'wide';
}

interface Props<T> {
  label: string;
  columns: TableColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  rowClass?: (row: T) => string | undefined;
  busy?: boolean;
}

export function Table<T>({ label, columns, rows, rowKey, rowClass, busy }: Props<T>) {
  return (
    <table role="table" class="table" aria-label={label} aria-busy={busy} data-busy={busy}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column, i) => (
            <th key={i} role="columnheader" scope="col" data-as={column.as}>
              {column.as === 'actions' ? <span class="visually-hidden">{column.head}</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row" class={rowClass?.(row)}>
            {columns.map((column, i) => (
              <td key={i} role={column.as === 'start' ? 'rowheader' : 'cell'} data-as={column.as} data-head={column.head}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
