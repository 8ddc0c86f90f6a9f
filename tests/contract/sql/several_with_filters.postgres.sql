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
        ) AS "day"
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
