SELECT
  *
FROM (
  SELECT
    "t3"."period",
    COUNT("t3"."entity") AS "m0"
  FROM (
    SELECT
      "t2"."period",
      "t2"."entity"
    FROM (
      SELECT
        "t1"."of0",
        "t1"."day",
        (
          (
            CAST(EXTRACT(year FROM "t1"."day") AS BIGINT) * 12
          ) + EXTRACT(month FROM "t1"."day")
        ) - 1 AS "period",
        "t1"."of0" AS "entity"
      FROM (
        SELECT
          "t0"."client" AS "of0",
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
          "t0"."opened" IS NOT NULL
      ) AS "t1"
    ) AS "t2"
    GROUP BY
      1,
      2
  ) AS "t3"
  GROUP BY
    1
) AS "t4"
ORDER BY
  "t4"."period" ASC
