WITH "t1" AS (
  SELECT
    DATE(
      "t0"."opened" + CASE
        WHEN "t0"."opened" < CAST('2026-03-08T07:00:00' AS TIMESTAMP)
        THEN INTERVAL '-18000 SECOND'
        WHEN "t0"."opened" < CAST('2026-11-01T06:00:00' AS TIMESTAMP)
        THEN INTERVAL '-14400 SECOND'
        WHEN "t0"."opened" < CAST('2027-03-14T07:00:00' AS TIMESTAMP)
        THEN INTERVAL '-18000 SECOND'
        WHEN "t0"."opened" < CAST('2027-11-07T06:00:00' AS TIMESTAMP)
        THEN INTERVAL '-14400 SECOND'
        WHEN "t0"."opened" < CAST('2028-03-12T07:00:00' AS TIMESTAMP)
        THEN INTERVAL '-18000 SECOND'
        ELSE INTERVAL '-14400 SECOND'
      END
    ) AS "day",
    "t0"."closed" AS "end",
    DATE(CAST("t0"."closed" AS TIMESTAMP(6)) + INTERVAL '1 DAY') AS "close"
  FROM "deals" AS "t0"
  WHERE
    "t0"."opened" IS NOT NULL
)
SELECT
  *
FROM (
  SELECT
    "t7"."period",
    CAST(CAST(SUM("t7"."m0") AS DECIMAL(38, 0)) AS BIGINT) AS "m0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t3"."period",
        COUNT(*) * 1 AS "m0"
      FROM (
        SELECT
          "t2"."day",
          "t2"."end",
          "t2"."close",
          CAST("t2"."day" - MAKE_DATE(CAST(1900 AS INT), CAST(1 AS INT), CAST(1 AS INT)) AS BIGINT) AS "period"
        FROM "t1" AS "t2"
        WHERE
          (
            (
              "t2"."close" IS NULL
            ) OR (
              "t2"."close" > "t2"."day"
            )
          )
          AND "t2"."day" <= MAKE_DATE(CAST(2026 AS INT), CAST(4 AS INT), CAST(30 AS INT))
      ) AS "t3"
      GROUP BY
        1
    ) AS "t5"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        "t4"."period",
        COUNT(*) * -1 AS "m0"
      FROM (
        SELECT
          "t2"."day",
          "t2"."end",
          "t2"."close",
          CAST("t2"."close" - MAKE_DATE(CAST(1900 AS INT), CAST(1 AS INT), CAST(1 AS INT)) AS BIGINT) AS "period"
        FROM "t1" AS "t2"
        WHERE
          (
            (
              "t2"."close" IS NULL
            ) OR (
              "t2"."close" > "t2"."day"
            )
          )
          AND "t2"."close" IS NOT NULL
          AND "t2"."close" <= MAKE_DATE(CAST(2026 AS INT), CAST(4 AS INT), CAST(30 AS INT))
      ) AS "t4"
      GROUP BY
        1
    ) AS "t6"
  ) AS "t7"
  GROUP BY
    1
) AS "t8"
ORDER BY
  "t8"."period" ASC
