SELECT
  *
FROM (
  SELECT
    "t4"."period",
    SUM("t4"."of0") AS "m0",
    COUNT(*) AS "n0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t2"."of0",
        "t2"."day",
        "t2"."period",
        (
          ROW_NUMBER() OVER (
            PARTITION BY "t2"."period"
            ORDER BY "t2"."of0" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1
        ) + 1 AS "place",
        COUNT(*) OVER (
          PARTITION BY "t2"."period"
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS "size"
      FROM (
        SELECT
          "t1"."of0",
          "t1"."day",
          (
            (
              CAST(EXTRACT(year FROM "t1"."day") AS BIGINT) * 12
            ) + EXTRACT(month FROM "t1"."day")
          ) - 1 AS "period"
        FROM (
          SELECT
            "t0"."amount" AS "of0",
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
        WHERE
          "t1"."of0" IS NOT NULL
      ) AS "t2"
    ) AS "t3"
    WHERE
      (
        "t3"."place" * 2
      ) >= "t3"."size"
      AND (
        "t3"."place" * 2
      ) <= (
        "t3"."size" + 2
      )
      AND (
        (
          (
            "t3"."size" % 2
          ) = 0
        )
        OR (
          (
            "t3"."place" * 2
          ) = (
            "t3"."size" + 1
          )
        )
      )
  ) AS "t4"
  GROUP BY
    1
) AS "t5"
ORDER BY
  "t5"."period" ASC
