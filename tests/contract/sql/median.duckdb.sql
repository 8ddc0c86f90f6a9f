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
