#include "os/spawn_messages.h"

#include <fmt/core.h>

#include <algorithm>

namespace mullion::os {
namespace {

// The first byte. No number is used in both directions.
enum Tag : std::uint8_t {
    tag_spawn = 1,
    tag_signal = 2,
    tag_release = 3,
    tag_logon = 4,
    tag_spawned = 65,
    tag_failed = 66,
    tag_exited = 67,
    tag_logon_ended = 68,
};

constexpr std::size_t name_limit = 256;   // LOGIN_NAME_MAX
constexpr std::size_t path_limit = 4096;  // PATH_MAX
constexpr std::size_t step_limit = 256;
constexpr std::size_t address_limit = 64;  // Of an IPv6 address with its scope.

// Integers are little-endian of fixed width; a text is its length in 4 bytes and its bytes.
class Writer {
public:
    explicit Writer(Tag tag) : out_(1, static_cast<char>(tag)) {}
    // What is written after this leaves no copy behind by growing.
    Writer& reserve(std::size_t more) {
        out_.reserve(out_.size() + more);
        return *this;
    }
    template <class Unsigned>
    Writer& number(Unsigned value) {
        for (std::size_t i = 0; i < sizeof value; ++i) {
            out_ += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF);
        }
        return *this;
    }
    Writer& text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        out_ += value;
        return *this;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

// Remembers the first failure; what is read after it is worthless, and done() says so.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) { good_ = bytes.size() <= spawn_message_limit; }

    template <class Unsigned>
    Unsigned number() {
        if (!good_ || rest_.size() < sizeof(Unsigned)) return fail<Unsigned>();
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
        }
        rest_.remove_prefix(sizeof(Unsigned));
        return static_cast<Unsigned>(value);
    }
    std::string text(std::size_t limit) { return std::string(view(limit)); }
    std::string_view view(std::size_t limit) {
        const auto size = number<std::uint32_t>();
        if (!good_ || size > limit || size > rest_.size()) return fail<std::string_view>();
        const auto value = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return value;
    }
    bool flag() {
        const auto value = number<std::uint8_t>();
        return value <= 1 ? value == 1 : fail<bool>();
    }
    std::size_t count(std::size_t limit) {
        const auto value = number<std::uint16_t>();
        return value <= limit ? value : fail<std::size_t>();
    }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    template <class T>
    T fail() {
        good_ = false;
        return T{};
    }
    std::string_view rest_;
    bool good_ = true;
};

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}
Error wrong(std::string_view what) {
    return {ErrorId::spawn_failed, std::string(what)};
}

Result<void> check_arguments(const std::vector<std::string>& argv) {
    if (argv.empty() || argv.front().empty()) return wrong("there is no program");
    if (argv.front().find('/') != std::string::npos && argv.front().front() != '/')
        return wrong("the program is neither an absolute path nor a bare name");
    if (argv.front().size() >= path_limit) return wrong("the program's path is too long");
    if (argv.size() > spawn_argument_limit) {
        return Error(ErrorId::spawn_too_large,
                     fmt::format("{} words, the limit is {}", argv.size(), spawn_argument_limit));
    }
    for (const std::string& word : argv) {
        if (has_nul(word)) return wrong("a NUL in the command");
        if (word.size() > spawn_argument_bytes) {
            return Error(ErrorId::spawn_too_large, fmt::format("a word of {} bytes, the limit is {}",
                                                               word.size(), spawn_argument_bytes));
        }
    }
    return {};
}

Result<void> check_environment(const SpawnRequest& request) {
    if (request.environment.size() > spawn_environment_limit) {
        return Error(ErrorId::spawn_too_large,
                     fmt::format("{} variables, the limit is {}", request.environment.size(),
                                 spawn_environment_limit));
    }
    for (const auto& [name, value] : request.environment) {
        if (name.empty() || name.find('=') != std::string::npos)
            return wrong("a variable's name is empty or has '='");
        if (has_nul(name) || has_nul(value)) return wrong("a NUL in the environment");
        // The kernel counts NAME=VALUE as one word.
        if (name.size() + 1 + value.size() > spawn_argument_bytes) {
            return Error(ErrorId::spawn_too_large, fmt::format("variable {} is over {} bytes",
                                                               name.substr(0, 64), spawn_argument_bytes));
        }
    }
    return {};
}

Result<void> check_ticket(const SpawnTicket& ticket) {
    if (ticket.client.empty() || ticket.server.empty() || has_nul(ticket.server) || ticket.credential.empty())
        return wrong("the ticket is not whole");
    const std::size_t size = ticket.credential.expose().size();
    if (size > spawn_ticket_bytes || ticket.client.size() > spawn_ticket_name ||
        ticket.server.size() > spawn_ticket_name) {
        return Error(ErrorId::spawn_too_large,
                     fmt::format("a ticket of {} bytes, the limit is {}", size, spawn_ticket_bytes));
    }
    return {};
}

void write(const SpawnTicket& ticket, Writer& out) {
    constexpr std::size_t lengths = 3 * sizeof(std::uint32_t);
    const auto credential = ticket.credential.expose();
    out.reserve(lengths + ticket.client.size() + ticket.server.size() + credential.size());
    out.text(ticket.client).text(ticket.server).text(credential);
}

std::string write(const SpawnRequest& request) {
    Writer out(tag_spawn);
    out.number(request.token).text(request.unix_user);
    out.number(static_cast<std::uint16_t>(request.argv.size()));
    for (const std::string& word : request.argv) out.text(word);
    out.number(static_cast<std::uint16_t>(request.environment.size()));
    for (const auto& [name, value] : request.environment) out.text(name).text(value);
    out.text(request.working_directory).text(request.shell).text(request.address).number(request.memory_mb);
    out.number(static_cast<std::uint8_t>(request.login_shell));
    out.number(static_cast<std::uint8_t>(request.ticket != nullptr));
    if (request.ticket) write(*request.ticket, out);
    return out.take();
}
std::string write(const SignalRequest& request) {
    return Writer(tag_signal).number(request.token).number(static_cast<std::uint8_t>(request.what)).take();
}
std::string write(const Release& request) {
    return Writer(tag_release).number(request.token).take();
}
std::string write(const LogonRequest& request) {
    const std::string_view password = request.password ? request.password->expose() : std::string_view();
    Writer out(tag_logon);
    out.number(request.token).text(request.user).text(request.address);
    out.reserve(sizeof(std::uint32_t) + password.size());
    return out.text(password).take();
}
std::string write(const Spawned& event) {
    return Writer(tag_spawned).number(event.token).number(event.pid).take();
}
std::string write(const SpawnFailed& event) {
    return Writer(tag_failed)
        .number(event.token)
        .number(static_cast<std::uint32_t>(event.error))
        .text(std::string_view(event.step).substr(0, step_limit))
        .take();
}
std::string write(const Exited& event) {
    return Writer(tag_exited)
        .number(event.token)
        .number(static_cast<std::uint8_t>(event.signalled))
        .number(static_cast<std::uint32_t>(event.value))
        .number(static_cast<std::uint8_t>(event.over_memory))
        .take();
}

std::string write(const LogonEnded& event) {
    return Writer(tag_logon_ended)
        .number(event.token)
        .number(static_cast<std::uint8_t>(event.what))
        .text(event.unix_user)
        .text(std::string_view(event.detail).substr(0, logon_detail_bytes))
        .take();
}

// Nothing in it leads anywhere: no dot, no slash.
bool is_shell_name(std::string_view name) {
    return name.size() <= spawn_shell_name && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

// Structure only; the rules of check() come after.
Result<void> check_rest(const SpawnRequest& request) {
    if (request.unix_user.empty() || request.unix_user.size() > name_limit || has_nul(request.unix_user)) {
        return wrong("the user's name is empty, too long or has a NUL");
    }
    if (request.working_directory.size() >= path_limit || has_nul(request.working_directory)) {
        return wrong("the working directory is too long or has a NUL");
    }
    if (request.address.size() > address_limit || has_nul(request.address))
        return wrong("the client's address is none");
    if (!is_shell_name(request.shell)) return wrong("the shell's name is no name of one");
    if (request.memory_mb != 0 && request.shell.empty()) return wrong("a limit of memory is for a shell");
    return {};
}

std::shared_ptr<const SpawnTicket> read_ticket(Reader& in) {
    auto ticket = std::make_shared<SpawnTicket>();
    ticket->client = in.text(spawn_ticket_name);
    ticket->server = in.text(spawn_ticket_name);
    ticket->credential = Secret(in.view(spawn_ticket_bytes));
    return ticket;
}

SpawnRequest read_spawn(Reader& in) {
    SpawnRequest request;
    request.token = in.number<std::uint64_t>();
    request.unix_user = in.text(name_limit);
    for (std::size_t left = in.count(spawn_argument_limit); left > 0; --left) {
        request.argv.push_back(in.text(spawn_argument_bytes));
    }
    for (std::size_t left = in.count(spawn_environment_limit); left > 0; --left) {
        std::string name = in.text(spawn_argument_bytes);
        request.environment.emplace_back(std::move(name), in.text(spawn_argument_bytes));
    }
    request.working_directory = in.text(path_limit);
    request.shell = in.text(spawn_shell_name);
    request.address = in.text(address_limit);
    request.memory_mb = in.number<std::uint32_t>();
    request.login_shell = in.flag();
    if (in.flag()) request.ticket = read_ticket(in);
    return request;
}

std::optional<ToMonitor> read_signal(Reader& in) {
    SignalRequest request;
    request.token = in.number<std::uint64_t>();
    const auto what = in.number<std::uint8_t>();
    if (!in.done() || what < 1 || what > 3) return std::nullopt;
    request.what = static_cast<SignalRequest::What>(what);
    return request;
}

std::optional<ToMonitor> read_logon(Reader& in) {
    LogonRequest request;
    request.token = in.number<std::uint64_t>();
    request.user = in.text(logon_name_bytes);
    request.address = in.text(address_limit);
    request.password = std::make_shared<const Secret>(in.view(logon_password_bytes));
    if (!in.done() || !check(request).ok()) return std::nullopt;
    return request;
}

std::optional<FromMonitor> read_logon_ended(Reader& in) {
    LogonEnded event;
    event.token = in.number<std::uint64_t>();
    const auto what = in.number<std::uint8_t>();
    event.unix_user = in.text(name_limit);
    event.detail = in.text(logon_detail_bytes);
    if (!in.done() || what < 1 || what > 6) return std::nullopt;
    event.what = static_cast<LogonEnded::What>(what);
    // Who is let in is somebody, and nobody else is.
    if ((event.what == LogonEnded::What::let_in) == event.unix_user.empty()) return std::nullopt;
    return event;
}

std::optional<FromMonitor> read_exited(Reader& in) {
    Exited event;
    event.token = in.number<std::uint64_t>();
    const auto signalled = in.number<std::uint8_t>();
    event.value = static_cast<std::int32_t>(in.number<std::uint32_t>());
    event.over_memory = in.flag();
    if (!in.done() || signalled > 1) return std::nullopt;
    event.signalled = signalled == 1;
    return event;
}

}  // namespace

bool is_loader_variable(std::string_view name) {
    return name.starts_with("LD_");
}

Result<void> check(const SpawnRequest& request) {
    MULLION_TRY(check_rest(request));
    MULLION_TRY(check_arguments(request.argv));
    MULLION_TRY(check_environment(request));
    if (request.ticket) MULLION_TRY(check_ticket(*request.ticket));
    std::string message = write(request);
    const std::size_t size = message.size();
    wipe(message);
    if (size > spawn_message_limit) {
        return Error(
            ErrorId::spawn_too_large,
            fmt::format("command and environment take {} bytes, the limit is {}", size, spawn_message_limit));
    }
    return {};
}

Result<void> check(const LogonRequest& request) {
    const auto refused = [](const char* why) { return Error(ErrorId::auth_rejected, why); };
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    const std::string& user = request.user;
    if (user.empty() || user.size() > logon_name_bytes || std::any_of(user.begin(), user.end(), control))
        return refused(
            "PAM: no Linux user has such a name: it is empty, too long or has a control character");
    // What tools would take for an option, or for a file.
    if (user.front() == '-' || user.find('/') != std::string::npos)
        return refused("PAM: no Linux user has such a name: it begins with '-', or has a '/'");
    if (request.address.size() > address_limit || has_nul(request.address))
        return refused("PAM: the client's address is none");
    if (!request.password || request.password->empty()) return refused("PAM: the password is empty");
    const std::string_view password = request.password->expose();
    if (password.size() > logon_password_bytes) return refused("PAM: the password has over 511 bytes");
    if (has_nul(password)) return refused("PAM: the password has a NUL");
    return {};
}

std::string encode(const ToMonitor& message) {
    return std::visit([](const auto& one) { return write(one); }, message);
}
std::string encode(const FromMonitor& message) {
    return std::visit([](const auto& one) { return write(one); }, message);
}

std::optional<ToMonitor> decode_to_monitor(std::string_view bytes) {
    Reader in(bytes);
    switch (in.number<std::uint8_t>()) {
        case tag_spawn: {
            SpawnRequest request = read_spawn(in);
            if (!in.done() || !check(request).ok()) return std::nullopt;
            return request;
        }
        case tag_signal:
            return read_signal(in);
        case tag_release: {
            const Release request{in.number<std::uint64_t>()};
            if (!in.done()) return std::nullopt;
            return request;
        }
        case tag_logon:
            return read_logon(in);
        default:
            return std::nullopt;
    }
}

std::optional<FromMonitor> decode_from_monitor(std::string_view bytes) {
    Reader in(bytes);
    switch (in.number<std::uint8_t>()) {
        case tag_spawned: {
            Spawned event;
            event.token = in.number<std::uint64_t>();
            event.pid = in.number<std::uint32_t>();
            if (!in.done()) return std::nullopt;
            return event;
        }
        case tag_failed: {
            SpawnFailed event;
            event.token = in.number<std::uint64_t>();
            event.error = static_cast<std::int32_t>(in.number<std::uint32_t>());
            event.step = in.text(step_limit);
            if (!in.done()) return std::nullopt;
            return event;
        }
        case tag_exited:
            return read_exited(in);
        case tag_logon_ended:
            return read_logon_ended(in);
        default:
            return std::nullopt;
    }
}

}  // namespace mullion::os
