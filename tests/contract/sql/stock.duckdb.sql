WITH "t1" AS (
  SELECT
    CAST("t0"."opened" + CASE
      WHEN "t0"."opened" < MAKE_TIMESTAMP(2026, 3, 8, 7, 0, 0.0)
      THEN INTERVAL '-18000' SECOND
      WHEN "t0"."opened" < MAKE_TIMESTAMP(2026, 11, 1, 6, 0, 0.0)
      THEN INTERVAL '-14400' SECOND
      WHEN "t0"."opened" < MAKE_TIMESTAMP(2027, 3, 14, 7, 0, 0.0)
      THEN INTERVAL '-18000' SECOND
      WHEN "t0"."opened" < MAKE_TIMESTAMP(2027, 11, 7, 6, 0, 0.0)
      THEN INTERVAL '-14400' SECOND
      WHEN "t0"."opened" < MAKE_TIMESTAMP(2028, 3, 12, 7, 0, 0.0)
      THEN INTERVAL '-18000' SECOND
      ELSE INTERVAL '-14400' SECOND
    END AS DATE) AS "day",
    "t0"."closed" AS "end",
    CAST(CAST("t0"."closed" AS TIMESTAMP(6)) + INTERVAL '1' DAY AS DATE) AS "close"
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
          CAST("t2"."day" - MAKE_DATE(1900, 1, 1) AS BIGINT) AS "period"
        FROM "t1" AS "t2"
        WHERE
          (
            (
              "t2"."close" IS NULL
            ) OR (
              "t2"."close" > "t2"."day"
            )
          )
          AND "t2"."day" <= MAKE_DATE(2026, 4, 30)
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
          CAST("t2"."close" - MAKE_DATE(1900, 1, 1) AS BIGINT) AS "period"
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
          AND "t2"."close" <= MAKE_DATE(2026, 4, 30)
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
