// What `winrm` asks a service for, one operation after the other on one session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/winrm_report.h"
#include "client/client.h"
#include "client/enumeration_walk.h"
#include "core/result.h"
#include "winrm/command_line.h"
#include "wsman/enumeration.h"
#include "wsman/transfer.h"

namespace mullion::cli {

// Exit status of one `winrm`.
namespace winrm_status {
inline constexpr int ok = 0;
inline constexpr int failed = 1;
}  // namespace winrm_status

class WinrmOperations {
public:
    WinrmOperations(client::Session& session, const winrm::Request& request, WinrmOutput& output)
        : session_(session), request_(request), output_(output) {}

    // Prints what comes back; a failure is told. Gives the exit status.
    [[nodiscard]] int run();

    // The XML in the answer's body; a failure is told, and gives nothing.
    [[nodiscard]] std::optional<std::string> ask(std::string_view step, const wsman::Transfer& transfer);
    [[nodiscard]] int show(std::string_view document);
    [[nodiscard]] int tell(const Error& error);
    [[nodiscard]] wsman::Transfer transfer(std::string_view action) const;

private:
    [[nodiscard]] int identify();
    [[nodiscard]] int get();
    [[nodiscard]] int set();
    [[nodiscard]] int create();
    [[nodiscard]] int remove();
    [[nodiscard]] int enumerate();
    [[nodiscard]] int invoke();

    [[nodiscard]] Result<std::string> input() const;
    // Errors: run.interrupted
    [[nodiscard]] Result<void> warn_of_cuts(const std::optional<std::string>& current,
                                            const std::string& wanted);
    [[nodiscard]] std::optional<wsman::Message> exchange(client::ExchangeOptions options);
    // Sends a document and wipes it: what is in it may be a password.
    [[nodiscard]] std::optional<std::string> send(std::string_view step, std::string_view action,
                                                  Result<std::string> document);
    [[nodiscard]] std::string next_message(const client::EnumerationWalk& walk,
                                           const wsman::Enumerate& enumerate,
                                           const wsman::RequestSettings& settings,
                                           const std::string& id) const;
    [[nodiscard]] std::optional<std::vector<std::string>> next_items(client::EnumerationWalk& walk,
                                                                     const wsman::Enumerate& enumerate);
    void release(const client::EnumerationWalk& walk);

    client::Session& session_;
    const winrm::Request& request_;
    WinrmOutput& output_;
    std::optional<std::uint32_t> fault_;  // The code of the last exchange's, where it was one.
};

}  // namespace mullion::cli
