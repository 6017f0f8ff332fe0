// What an account may be called, and how one is made of a password.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "storage/database.h"

namespace mullion::state {

// In the place of an Argon2id hash: PAM is asked, about the account's Linux user.
inline constexpr std::string_view password_by_pam = "pam";

struct NewAccount {
    std::string name;
    Secret password;  // With `by_pam`: random, so that what is made of it lets nobody in.
    bool administrator = false;
    std::vector<std::string> groups;  // In any of the words that group_name() knows.
    std::string unix_user;
    bool by_pam = false;
};

// 1 to 64 characters of UTF-8; none of \ / : @ (they part names from domains and passwords), no control
// characters, no blank at either end. Errors: account.invalid
[[nodiscard]] Result<void> check_name(std::string_view name);
// The same, or with "@REALM" behind: a Kerberos principal. A realm is 1 to 180 letters, digits, dots and
// dashes. Errors: account.invalid
[[nodiscard]] Result<void> check_account_name(std::string_view name);

// The row that is stored: hashes, never the password. Errors: account.invalid (name, empty or longer than 255
// password, control characters), auth.credentials (not UTF-8). Takes about 0.1 s (Argon2id).
[[nodiscard]] Result<storage::AccountRow> make_account(const NewAccount& account);

}  // namespace mullion::state
