import {
  DuckDBInstance,
  LIST,
  listValue,
  UINTEGER,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';

/** The query engine, opened so that it can neither write nor read anything but memory files. */
export class DuckDb {
  readonly #instance: DuckDBInstance;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** Runs one statement on a connection of its own: statements may run at the same time. */
  async run(sql: string): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      await connection.run(sql);
    } finally {
      connection.closeSync();
    }
  }

  /** Runs one statement with lists of dictionary numbers as parameters. */
  async runMapped(sql: string, maps: readonly (readonly number[])[]): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      const values = maps.map((map) => listValue(map));
      await connection.run(
        sql,
        values,
        maps.map(() => LIST(UINTEGER)),
      );
    } finally {
      connection.closeSync();
    }
  }

  /** Hands over the rows of a long query piece by piece; other work has its turn in between. */
  async each(sql: string, use: (row: Row) => void): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        for (const row of chunk.getRows()) use(row);
      }
    } finally {
      connection.closeSync();
    }
  }

  /** All rows of a query; the caller bounds them by a LIMIT or a GROUP BY. */
  async rows(sql: string, parameters: readonly DuckDBValue[] = []): Promise<readonly Row[]> {
    const connection = await this.#instance.connect();
    try {
      return await readRows(connection, sql, parameters);
    } finally {
      connection.closeSync();
    }
  }

  close(): void {
    this.#instance.closeSync();
  }
}

/** Values in the order of the select list. */
export type Row = readonly DuckDBValue[];

async function readRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[],
): Promise<readonly Row[]> {
  const reader =
    parameters.length === 0
      ? await connection.runAndReadAll(sql)
      : await connection.runAndReadAll(sql, [...parameters]);
  return reader.getRows();
}

/**
 * By default DuckDB spills plain data into `./.tmp`, downloads extensions and opens any path. All
 * of that is switched off and the switches are locked; one thread, because ingest shares the host.
 */
export async function openDuckDb(memoryMb: number): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    memory_limit: `${memoryMb}MB`,
    threads: '1',
  });
  const database = new DuckDb(instance);
  // Freed memory goes back to the system after each statement, not when 128 MB have gathered.
  await database.run("SET allocator_flush_threshold = '4MB'");
  // Descriptor numbers are reused: what was cached under a path may be another file by now.
  await database.run('SET enable_external_file_cache = false');
  await database.run("SET allowed_directories = ['/proc/self/fd/']");
  await database.run('SET enable_external_access = false');
  await database.run('SET lock_configuration = true');
  return database;
}
