// The shells of the service. All of it happens on one executor (ADR 4): connections visit with co_spawn. A
// shell belongs to the account that made it; for everybody else it does not exist. [MS-WSMV] 3.1.4.1.31
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/ids.h"
#include "core/log.h"
#include "rights/sid.h"
#include "service/access/visitor.h"
#include "service/requests/operations.h"
#include "service/requests/outcome.h"
#include "service/shells/command_backend.h"
#include "service/shells/shell.h"
#include "wsman/enumeration.h"
#include "wsman/shell.h"

namespace mullion::service {

// Case does not matter in ids: GUIDs are kept in upper case, as Windows writes them.
[[nodiscard]] std::string upper(std::string text);

// Its account's, as the Linux user that the account still is. An account may have the name of one that was
// deleted, or of a Linux user, as whom an operator comes in by the local socket: that makes neither's shells
// the other's.
[[nodiscard]] bool belongs_to(const Shell& shell, const Visit& visit);

// What one account may hold of what all have to share; over it the account is told so (shell_shares.cc).
struct AccountShare {
    std::size_t commands = 3'584;           // Running, or ended and not yet terminated.
    std::size_t bytes = 128 * 1024 * 1024;  // Of shells, output and input.
    std::size_t shells = 4'096;             // Each is looked at for whatever is counted here.
};

class Shells {
public:
    // `host`: what the machine calls itself, as in NTLM's challenge.
    Shells(net::Executor executor, CommandBackend& backend, Random& random, const Clock& clock, Logger& log,
           std::string_view host, const AccountShare& share = {});
    ~Shells();

    [[nodiscard]] const net::Executor& executor() const { return executor_; }

    [[nodiscard]] net::Task<Outcome<wsman::ShellInfo>> create(Visit visit, wsman::CreateShell what);
    [[nodiscard]] net::Task<Outcome<std::string>> command(Visit visit, std::string shell_id,
                                                          wsman::RunCommand what);
    [[nodiscard]] net::Task<Outcome<wsman::ReceivedOutput>> receive(Visit visit, std::string shell_id,
                                                                    wsman::ReceiveOutput what);
    [[nodiscard]] net::Task<Done> send(Visit visit, std::string shell_id, wsman::SendInput what);
    [[nodiscard]] net::Task<Done> signal(Visit visit, std::string shell_id, wsman::SendSignal what);
    [[nodiscard]] net::Task<Done> remove(Visit visit, std::string shell_id);
    [[nodiscard]] net::Task<Outcome<wsman::ShellInfo>> get(Visit visit, std::string shell_id);

    // From now on. On the executor.
    void set_share(const AccountShare& share) { share_ = share; }

    // What Enumerate gives: all shells of the visitor, or the commands of one.
    [[nodiscard]] net::Task<Outcome<std::deque<std::string>>> items(Visit visit,
                                                                    std::optional<std::string> shell_id);
    // Of every resource, not of shells alone.
    [[nodiscard]] Operations& operations() { return operations_; }

    // Ends shells that are too old or were idle too long, and enumerations nobody pulled from. Called every
    // few seconds.
    void sweep(const state::Settings& settings);
    // Ends the shells of accounts that are no more. On the executor.
    void end_of_deleted(const std::function<bool(const rights::Sid& account)>& deleted);
    // Ends every command and shell; waits for the processes until then. True when all are gone.
    [[nodiscard]] net::Task<bool> close_all(MonotonicTime until);
    [[nodiscard]] std::size_t count() const { return shells_.size(); }

private:
    class Operation;

    // Whoever left waits no longer: his operation is given back.
    void end_with(const Visit& visit, const std::shared_ptr<ShellCommand>& waited_for);
    [[nodiscard]] std::shared_ptr<Shell> find(const Visit& visit, const std::string& shell_id) const;
    [[nodiscard]] Outcome<Operation> begin(const Visit& visit, const std::string& shell_id);
    [[nodiscard]] std::optional<wsman::Fault> check_quotas(const Visit& visit) const;
    [[nodiscard]] std::size_t commands_of(std::string_view user) const;
    [[nodiscard]] std::size_t bytes_of(std::string_view user) const;
    bool forget_a_finished_command(std::string_view user);
    // The fault, and a line in the log.
    [[nodiscard]] wsman::Fault over_share(const Visit& visit, std::string_view what, std::size_t limit) const;
    [[nodiscard]] std::optional<wsman::Fault> check_bytes(const Visit& visit) const;
    [[nodiscard]] std::optional<wsman::Fault> make_room_for_a_command(const Visit& visit);
    [[nodiscard]] Outcome<std::string> choose_id(const wsman::CreateShell& what);
    // As the answer to Create has it; and with what Get and Enumerate tell besides.
    [[nodiscard]] wsman::ShellInfo describe(const Shell& shell) const;
    [[nodiscard]] wsman::ShellInfo describe_fully(const Shell& shell) const;
    void close(const std::shared_ptr<Shell>& shell);
    // Before its client deleted it: he is told why when he asks for it again.
    void end(const std::shared_ptr<Shell>& shell, std::string_view because);
    void end_what_is_too_old(const state::Settings& settings);
    void end_what_is_idle();
    void forget_ended();
    // What a request to a shell that is not there is told: why it was ended, where it was his and was.
    [[nodiscard]] wsman::Fault missing(const Visit& visit, const std::string& shell_id) const;
    // What one that waited on a shell or command is told which was closed meanwhile.
    [[nodiscard]] static wsman::Fault closed(const Shell& shell);
    [[nodiscard]] static net::Task<bool> wait_for_exits(std::vector<std::shared_ptr<ShellCommand>> commands,
                                                        MonotonicTime until);

    net::Executor executor_;
    CommandBackend& backend_;
    Random& random_;
    const Clock& clock_;
    Logger& log_;
    const std::string machine_;  // Its NetBIOS name.
    AccountShare share_;
    std::map<std::string, std::shared_ptr<Shell>> shells_;  // By upper-case id.
    // Shells that were ended before their time, the oldest first; so many, for so long (shells_sweep.cc).
    struct Ended {
        std::string id;
        std::string owner;
        rights::Sid account;
        std::string because;
        MonotonicTime when{};
    };
    std::deque<Ended> ended_;
    Operations operations_;
};

}  // namespace mullion::service
