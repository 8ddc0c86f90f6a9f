SELECT
  *
FROM (
  SELECT
    "t7"."period",
    "t7"."dim0",
    "t7"."dim1",
    COUNT(*) AS "m0"
  FROM (
    SELECT
      "t6"."dim0",
      "t6"."dim1",
      "t6"."day",
      (
        (
          CAST(EXTRACT(year FROM "t6"."day") AS BIGINT) * 12
        ) + EXTRACT(month FROM "t6"."day")
      ) - 1 AS "period"
    FROM (
      SELECT
        "t5"."agents.office" AS "dim0",
        "t5"."stage" AS "dim1",
        CAST("t5"."opened" + CASE
          WHEN "t5"."opened" < MAKE_TIMESTAMP(2026, 3, 8, 7, 0, 0.0)
          THEN INTERVAL '-18000' SECOND
          WHEN "t5"."opened" < MAKE_TIMESTAMP(2026, 11, 1, 6, 0, 0.0)
          THEN INTERVAL '-14400' SECOND
          WHEN "t5"."opened" < MAKE_TIMESTAMP(2027, 3, 14, 7, 0, 0.0)
          THEN INTERVAL '-18000' SECOND
          WHEN "t5"."opened" < MAKE_TIMESTAMP(2027, 11, 7, 6, 0, 0.0)
          THEN INTERVAL '-14400' SECOND
          WHEN "t5"."opened" < MAKE_TIMESTAMP(2028, 3, 12, 7, 0, 0.0)
          THEN INTERVAL '-18000' SECOND
          ELSE INTERVAL '-14400' SECOND
        END AS DATE) AS "day"
      FROM (
        SELECT
          "t2"."opened",
          "t2"."stage",
          "t2"."agent",
          "t4"."agents.agent",
          "t4"."agents.office"
        FROM "deals" AS "t2"
        LEFT OUTER JOIN (
          SELECT
            "t1"."agent" AS "agents.agent",
            "t1"."office" AS "agents.office"
          FROM "agents" AS "t1"
        ) AS "t4"
          ON "t2"."agent" = "t4"."agents.agent"
      ) AS "t5"
      WHERE
        "t5"."opened" IS NOT NULL
    ) AS "t6"
  ) AS "t7"
  GROUP BY
    1,
    2,
    3
) AS "t8"
ORDER BY
  "t8"."period" ASC,
  "t8"."dim0" ASC,
  "t8"."dim1" ASC
