SELECT
  *
FROM (
  SELECT
    "t2"."period",
    COUNT(*) FILTER(WHERE
      "t2"."is0") AS "m0",
    COUNT(*) FILTER(WHERE
      "t2"."is1") AS "m1"
  FROM (
    SELECT
      "t1"."is0",
      "t1"."is1",
      "t1"."day",
      (
        (
          CAST(EXTRACT(year FROM "t1"."day") AS BIGINT) * 12
        ) + EXTRACT(month FROM "t1"."day")
      ) - 1 AS "period"
    FROM (
      SELECT
        "t0"."stage" = 'won' AS "is0",
        "t0"."stage" IN ('won', 'lost') AS "is1",
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
        END AS DATE) AS "day"
      FROM "deals" AS "t0"
      WHERE
        "t0"."opened" IS NOT NULL AND "t0"."stage" IN ('won', 'lost')
    ) AS "t1"
  ) AS "t2"
  GROUP BY
    1
) AS "t3"
ORDER BY
  "t3"."period" ASC
