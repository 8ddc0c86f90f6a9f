SELECT
  *
FROM (
  SELECT
    "t1"."period",
    SUM("t1"."of0") FILTER(WHERE
      "t1"."is0") AS "m0"
  FROM (
    SELECT
      "t0"."stage" = 'won' AS "is0",
      "t0"."amount" AS "of0",
      "t0"."closed" AS "day",
      (
        (
          CAST(EXTRACT(year FROM "t0"."closed") AS BIGINT) * 12
        ) + EXTRACT(month FROM "t0"."closed")
      ) - 1 AS "period"
    FROM "deals" AS "t0"
    WHERE
      "t0"."closed" IS NOT NULL AND "t0"."stage" IN ('won')
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."period" ASC
