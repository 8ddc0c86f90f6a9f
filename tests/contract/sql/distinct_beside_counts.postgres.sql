SELECT
  *
FROM (
  SELECT
    "t3"."period",
    CAST(CAST(SUM("t3"."m0") AS DECIMAL(38, 0)) AS BIGINT) AS "m0",
    CAST(CAST(COALESCE(SUM("t3"."m1") FILTER(WHERE
      "t3"."entity" IS NOT NULL), 0) AS DECIMAL(38, 0)) AS BIGINT) AS "m1",
    CAST(CAST(COALESCE(SUM("t3"."m2") FILTER(WHERE
      "t3"."entity" IS NOT NULL), 0) AS DECIMAL(38, 0)) AS BIGINT) AS "m2"
  FROM (
    SELECT
      "t2"."period",
      "t2"."entity",
      COUNT(*) AS "m0",
      LEAST(COUNT(*), 1) AS "m1",
      MAX(CASE WHEN "t2"."is2" THEN 1 ELSE 0 END) AS "m2"
    FROM (
      SELECT
        "t1"."is2",
        "t1"."of1",
        "t1"."of2",
        "t1"."day",
        (
          (
            CAST(EXTRACT(year FROM "t1"."day") AS BIGINT) * 12
          ) + EXTRACT(month FROM "t1"."day")
        ) - 1 AS "period",
        "t1"."of1" AS "entity"
      FROM (
        SELECT
          "t0"."stage" = 'won' AS "is2",
          "t0"."client" AS "of1",
          "t0"."client" AS "of2",
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
