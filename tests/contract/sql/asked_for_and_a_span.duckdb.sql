SELECT
  *
FROM (
  SELECT
    "t7"."period",
    COUNT(*) FILTER(WHERE
      "t7"."is0") AS "m0"
  FROM (
    SELECT
      "t6"."is0",
      "t6"."day",
      0 AS "period"
    FROM (
      SELECT
        "t5"."agents.office" = 'East' AS "is0",
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
        "t5"."opened" IS NOT NULL AND "t5"."agents.office" IN ('East')
    ) AS "t6"
    WHERE
      "t6"."day" >= MAKE_DATE(2026, 3, 8) AND "t6"."day" < MAKE_DATE(2026, 4, 1)
  ) AS "t7"
  GROUP BY
    1
) AS "t8"
ORDER BY
  "t8"."period" ASC
