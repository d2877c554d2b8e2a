// SPDX-License-Identifier: MIT
// A NATS operator with an account and a user of its own, for tests of credentials files: made once,
// with OpenSSL's Ed25519, valid for ever, and used by nobody else.
#pragma once

#include <string>
#include <vector>

namespace nats_mcp::testing {

/// Whom a server trusts.
inline const std::string operator_jwt{
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJvIiwiaWF0IjoxNzAwMDAwMDAwLCJpc3M"
  "iOiJPRFFTS0FGUlFZR0FWVUpYUFlaU1BTRFFEWjNTUVRKR05TVVNXSE5RUlM0UVo2QzVKRDdHWUNQNSIsIm5hbWUiO"
  "iJ0ZXN0Iiwic3ViIjoiT0RRU0tBRlJRWUdBVlVKWFBZWlNQU0RRRFozU1FUSkdOU1VTV0hOUVJTNFFaNkM1SkQ3R1l"
  "DUDUiLCJuYXRzIjp7InR5cGUiOiJvcGVyYXRvciIsInZlcnNpb24iOjJ9fQ.CHmJy3IZUwD7dnPvFvQ8YscXMeliWi"
  "LGHVX9zw3BsmbV3n3yKoaUxuvm0zrNuMQ-ZxXqfgQ0o-yD2gSfhC_sBw"};

/// Where the user belongs; it may use JetStream.
inline const std::string account_id{"ACQU2JAXS4DQLBC5644V3RATDBV24JHG5LM4SVDC53WCOVHH5NSJ66Y6"};
/// The same, signed by the operator.
inline const std::string account_jwt{
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJhIiwiaWF0IjoxNzAwMDAwMDAwLCJpc3M"
  "iOiJPRFFTS0FGUlFZR0FWVUpYUFlaU1BTRFFEWjNTUVRKR05TVVNXSE5RUlM0UVo2QzVKRDdHWUNQNSIsIm5hbWUiO"
  "iJ0ZXN0Iiwic3ViIjoiQUNRVTJKQVhTNERRTEJDNTY0NFYzUkFUREJWMjRKSEc1TE00U1ZEQzUzV0NPVkhINU5TSjY"
  "2WTYiLCJuYXRzIjp7ImxpbWl0cyI6eyJzdWJzIjotMSwiZGF0YSI6LTEsInBheWxvYWQiOi0xLCJpbXBvcnRzIjotM"
  "SwiZXhwb3J0cyI6LTEsIndpbGRjYXJkcyI6dHJ1ZSwiY29ubiI6LTEsImxlYWYiOi0xLCJtZW1fc3RvcmFnZSI6LTE"
  "sImRpc2tfc3RvcmFnZSI6LTEsInN0cmVhbXMiOi0xLCJjb25zdW1lciI6LTF9LCJkZWZhdWx0X3Blcm1pc3Npb25zI"
  "jp7InB1YiI6e30sInN1YiI6e319LCJ0eXBlIjoiYWNjb3VudCIsInZlcnNpb24iOjJ9fQ.6FiIrKSEEobojjbRqZCE"
  "F6mVoIoGhJkivUbikdvn5Gr2Mk0AbgzghGD7LEkXYN1vY1eheuy-U1cuDXgPK0axAw"};

/// The server's own, without which it starts no JetStream.
inline const std::string system_account_id{
  "ADQ5NBZ23N7YMXRCUVFLKQ6QSUBJ72LTTATSMJAGLGHRXJXYCOD4J52I"};
/// The same, signed by the operator.
inline const std::string system_account_jwt{
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJzIiwiaWF0IjoxNzAwMDAwMDAwLCJpc3M"
  "iOiJPRFFTS0FGUlFZR0FWVUpYUFlaU1BTRFFEWjNTUVRKR05TVVNXSE5RUlM0UVo2QzVKRDdHWUNQNSIsIm5hbWUiO"
  "iJzeXN0ZW0iLCJzdWIiOiJBRFE1TkJaMjNON1lNWFJDVVZGTEtRNlFTVUJKNzJMVFRBVFNNSkFHTEdIUlhKWFlDT0Q"
  "0SjUySSIsIm5hdHMiOnsibGltaXRzIjp7InN1YnMiOi0xLCJkYXRhIjotMSwicGF5bG9hZCI6LTEsImltcG9ydHMiO"
  "i0xLCJleHBvcnRzIjotMSwid2lsZGNhcmRzIjp0cnVlLCJjb25uIjotMSwibGVhZiI6LTF9LCJkZWZhdWx0X3Blcm1"
  "pc3Npb25zIjp7InB1YiI6e30sInN1YiI6e319LCJ0eXBlIjoiYWNjb3VudCIsInZlcnNpb24iOjJ9fQ.AihLMThYUh"
  "Gxfmz7lKro8pFYh7Oh9K8gUcPa7cG5RPvhTAc47xg0Jc2V7nwRbdFEx1wd0a2X9KqIHp1JAov-AA"};

/// The user, signed by the account.
inline const std::string user_jwt{
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJ1IiwiaWF0IjoxNzAwMDAwMDAwLCJpc3M"
  "iOiJBQ1FVMkpBWFM0RFFMQkM1NjQ0VjNSQVREQlYyNEpIRzVMTTRTVkRDNTNXQ09WSEg1TlNKNjZZNiIsIm5hbWUiO"
  "iJhbm4iLCJzdWIiOiJVREU2TFRTNlJXWVFTVkdHTktET0szSVFFSUlIV0ZBRFpaV0g2TlhVUVBXNEJYRlVZUE1QQ05"
  "SWSIsIm5hdHMiOnsicHViIjp7fSwic3ViIjp7fSwic3VicyI6LTEsImRhdGEiOi0xLCJwYXlsb2FkIjotMSwidHlwZ"
  "SI6InVzZXIiLCJ2ZXJzaW9uIjoyfX0.sTS4aB4qnRJvY_7QL2QDJxA3-"
  "_aWLvWga2ikn9dXd0ZXNcbb3UjJ4pGxaV9FTTQyaAMvQS44IqHZ0fJWO7CfBQ"};
/// The user's key.
inline const std::string user_seed{"SUAEXGGAKZ46VOJAEBIEBL2CRJABPBWNLUBENZL4IFC624XUAS2XGKDULY"};

/// Lines of nats-server's configuration that let this user in, and nobody else.
inline std::vector<std::string> operator_configuration() {
  return {"operator: \"" + operator_jwt + "\"", "resolver: MEMORY",
          "system_account: " + system_account_id,
          "resolver_preload { " + account_id + ": \"" + account_jwt + "\", " + system_account_id
            + ": \"" + system_account_jwt + "\" }"};
}

/// A credentials file as NATS's tools write them.
inline std::string credentials_file(const std::string& jwt, const std::string& seed) {
  return "-----BEGIN NATS USER JWT-----\n" + jwt
         + "\n------END NATS USER JWT------\n\n************************* IMPORTANT "
           "*************************\nNKEY Seed printed below can be used to sign and prove "
           "identity.\nNKEYs are sensitive and should be treated as secrets.\n\n-----BEGIN USER "
           "NKEY SEED-----\n"
         + seed + "\n------END USER NKEY SEED------\n";
}

} // namespace nats_mcp::testing
