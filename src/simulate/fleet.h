// A fleet as FLEET.yml describes it: where it listens, which hosts there are, what they answer, what goes
// wrong. docs/simulate.md explains the file, docs/formats/fleet.schema.json is its schema.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/secret.h"
#include "service/requests/identify.h"
#include "service/shells/command_backend.h"
#include "simulate/cim_form.h"
#include "simulate/cim_table.h"
#include "simulate/match.h"
#include "simulate/windows_side.h"
#include "simulate/words.h"
#include "state/settings.h"

namespace mullion::simulate {

// ---- Answers ----

// Something that a command puts out, after a while.
struct Piece {
    service::OutputStream stream = service::OutputStream::standard_output;
    Duration delay{};
    std::string text;
    std::uint64_t repeat = 1;
    std::optional<std::uint64_t> size;  // The text over and over, up to so many bytes.
};

struct Answer {
    enum class Done { by_rule, together, separately };

    Match command;
    std::optional<Match> input;  // Compared with standard input, once it is at its end.
    bool echo_input = false;
    std::vector<Piece> pieces;
    std::uint32_t exit_code = 0;
    std::size_t chunk_size = 0;  // 0: as it comes.
    Duration chunk_delay{};      // Between chunks.
    Duration exit_delay{};       // After the last of the output.
    Done done = Done::by_rule;
    bool templates = true;  // {host} and the like are filled in.
};

// ---- Hosts ----

struct Account {
    std::string user;
    Secret password;
    Secret nt_hash;
    bool administrator = true;
};

// What the hosts of one entry have in common.
struct HostKind {
    service::Product product;
    state::Settings settings;
    std::shared_ptr<const std::vector<Account>> accounts;
    std::vector<std::shared_ptr<const Answer>> answers;
    std::shared_ptr<const Answer> otherwise;  // To what no answer is for; null: as Windows does.
    std::uint32_t operations_per_shell = 1'500;
    CimTables cim;  // Empty: there is no CIM.
    CimForm cim_form = CimForm::service;
    std::shared_ptr<const WindowsSideSpec>
        windows_side;  // Null: scripts of `mullion prepare` are commands as any.
};

struct HostSpec {
    std::string name;
    std::string address;  // Empty: every address that no other host has.
    std::shared_ptr<const HostKind> kind;
};

struct ListenerSpec {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    bool https = false;
    std::string certificate_pem;  // Empty: made at start.
    Secret key_pem;
    std::optional<std::size_t> host;  // Everyone who comes here speaks to this one.
};

// ---- Faults ----

enum class Step {
    connect,
    handshake,
    identify,
    create,
    command,
    receive,
    send,
    signal,
    remove,
    enumerate,
    pull,
    release,
    get,
    put,
    invoke,  // A method of CIM.
    other
};
inline constexpr std::size_t step_count = 16;
[[nodiscard]] std::string_view step_name(Step step);

struct FaultRule {
    enum class Do { drop, stall, delay, http, fault, garble, truncate, wrong_relates_to, slow };

    std::vector<std::string> hosts;  // Globs of names; empty: all.
    std::optional<Match> command;
    Step step = Step::connect;
    // Which of the times that the above is true, on one host. All, when nothing is said.
    std::uint64_t nth = 0;
    std::uint64_t every = 0;
    std::optional<double> probability;
    std::uint64_t times = 0;  // At most so often on one host; 0: no limit.

    Do what = Do::drop;
    bool after = false;  // It is done first, and then answered so.
    int status = 500;
    std::uint32_t code = 0;
    Duration how_long = never;
    std::size_t bytes = 0;
    Duration pause{};
};

struct Fleet {
    std::uint64_t seed = 0;
    std::string keytab;  // As the file names it, relative to it; empty: no Kerberos.
    std::vector<ListenerSpec> listeners;
    std::vector<HostSpec> hosts;
    std::vector<FaultRule> faults;
};

}  // namespace mullion::simulate
