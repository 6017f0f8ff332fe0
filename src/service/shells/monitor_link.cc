#include "service/shells/monitor_link.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <optional>
#include <utility>

#include "core/secret.h"
#include "os/seqpacket.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr std::uint32_t monitor_gone = 255;
// An eighth of those that the monitor starts at a time. A start takes a millisecond.
constexpr unsigned most_starting_of_one = 8;
// As the monitor has it (its Logons), which refuses more.
constexpr unsigned most_logons = 32;
constexpr unsigned most_logons_of_name = 4;
constexpr unsigned most_logons_inside = 256;
constexpr unsigned most_logons_inside_of_name = 64;
constexpr unsigned most_logons_inside_of_address = 128;
constexpr Duration logon_patience{60'000};  // For a turn.
constexpr auto token_awaits = boost::asio::as_tuple(boost::asio::use_awaitable);

os::LogonEnded failed_logon(std::uint64_t token, os::LogonEnded::What what, std::string why) {
    return {token, what, {}, std::move(why)};
}

std::string without_case(std::string name) {
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
}

}  // namespace

struct MonitorLink::Process {
    explicit Process(const net::Executor& executor) : changed(executor) {}
    std::optional<Spawned> spawned;
    std::optional<std::uint32_t> exit_code;
    bool over_memory = false;
    Notifier changed;
};

struct MonitorLink::Logon {
    explicit Logon(const net::Executor& executor) : changed(executor) {}
    std::optional<os::LogonEnded> ended;
    Notifier changed;
};

MonitorLink::MonitorLink(net::Executor executor, os::UniqueFd socket, Logger& log, Duration start_patience)
    : executor_(executor),
      socket_(executor, socket.release()),
      log_(log),
      start_patience_(start_patience),
      logon_counts_(std::make_shared<LogonCounts>()),
      starts_(executor, most_starting_of_one),
      logons_of_name_(executor, most_logons_of_name),
      logons_at_once_(executor, most_logons),
      to_write_(std::move(executor)) {
    socket_.native_non_blocking(true);
}

MonitorLink::~MonitorLink() = default;

void MonitorLink::begin(std::function<void()> lost) {
    lost_ = std::move(lost);
    boost::asio::co_spawn(executor_, read_loop(), boost::asio::detached);
    boost::asio::co_spawn(executor_, write_loop(), boost::asio::detached);
}

net::Task<void> MonitorLink::read_loop() {
    while (!gone_) {
        auto [problem] =
            co_await socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read, token_awaits);
        if (problem) break;
        while (!gone_ && receive_one()) {
        }
    }
}

// One message with its descriptors. False when there is none now.
bool MonitorLink::receive_one() {
    auto packet = os::receive_packet(socket_.native_handle(), 3);
    if (!packet.ok()) return lose(packet.error().message()), false;
    if (packet->kind == os::Packet::Kind::would_block) return false;
    if (packet->kind == os::Packet::Kind::closed) return lose("it ended"), false;
    auto message = os::decode_from_monitor(packet->bytes);
    if (!message) return lose("it sent what is no message"), false;
    if (packet->descriptors_lost)
        without_pipes(std::visit([](const auto& one) { return one.token; }, *message));
    else
        handle(std::move(*message), std::move(packet->descriptors));
    return true;
}

void MonitorLink::handle(os::FromMonitor message, std::vector<os::UniqueFd> descriptors) {
    if (auto* const ended = std::get_if<os::LogonEnded>(&message)) return handle(std::move(*ended));
    const auto token = std::visit([](const auto& one) { return one.token; }, message);
    const auto found = processes_.find(token);
    if (found == processes_.end()) return;  // Released meanwhile; the pipes close here.
    Process& process = *found->second;
    if (std::holds_alternative<os::Spawned>(message)) {
        if (descriptors.size() != 3) return lose("it started a process without its pipes");
        process.spawned.emplace(
            Pipes{std::move(descriptors[0]), std::move(descriptors[1]), std::move(descriptors[2])});
    }
    if (const auto* failed = std::get_if<os::SpawnFailed>(&message)) process.spawned.emplace(*failed);
    if (const auto* exited = std::get_if<os::Exited>(&message)) {
        process.exit_code =
            static_cast<std::uint32_t>(exited->signalled ? 128 + exited->value : exited->value);
        process.over_memory = exited->over_memory;
    }
    process.changed.notify();
}

void MonitorLink::handle(os::LogonEnded ended) {
    const auto found = logons_.find(ended.token);
    if (found == logons_.end()) return;
    found->second->ended = std::move(ended);
    found->second->changed.notify();
}

// Its pipes found no room in our table of open files: that command is over before it said anything, and
// nothing else is.
void MonitorLink::without_pipes(std::uint64_t token) {
    log_.error("a command's pipes could not be taken: too many open files");
    const auto found = processes_.find(token);
    if (found == processes_.end()) return;
    enqueue(os::encode(os::ToMonitor(os::Release{token})));
    found->second->spawned.emplace(os::SpawnFailed{token, EMFILE, "take the command's pipes"});
    found->second->changed.notify();
}

void MonitorLink::lose(std::string_view why) {
    if (gone_) return;
    gone_ = true;
    for (auto& message : outgoing_) wipe(message);
    log_.error("the monitor is gone: {}", why);
    for (const auto& [token, process] : processes_) {
        if (!process->spawned) process->spawned.emplace(os::SpawnFailed{token, EPIPE, "ask the monitor"});
        if (!process->exit_code) process->exit_code = monitor_gone;
        process->changed.notify();
    }
    for (const auto& [token, logon] : logons_) {
        logon->ended = failed_logon(token, os::LogonEnded::What::broken, "the monitor is gone");
        logon->changed.notify();
    }
    starts_.send_away();
    logons_of_name_.send_away();
    logons_at_once_.send_away();
    to_write_.notify();
    if (lost_) lost_();
}

void MonitorLink::enqueue(std::string message) {
    outgoing_.push_back(std::move(message));
    to_write_.notify();
}

net::Task<void> MonitorLink::write_loop() {
    while (!gone_) {
        if (outgoing_.empty()) {
            co_await to_write_.wait_until(MonotonicTime::max());
            continue;
        }
        const auto sent = os::send_packet(socket_.native_handle(), outgoing_.front());
        if (!sent.ok()) {
            lose(sent.error().message());
        } else if (*sent) {
            wipe(outgoing_.front());  // There may be a ticket in it.
            outgoing_.pop_front();
        } else {
            auto [problem] =
                co_await socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write, token_awaits);
            if (problem) break;
        }
    }
}

net::Task<MonitorLink::Spawned> MonitorLink::spawn(os::SpawnRequest request) {
    if (gone_) co_return os::SpawnFailed{request.token, EPIPE, "ask the monitor"};
    // A message that the monitor would not take would end it, and every command with it.
    if (const auto checked = os::check(request); !checked.ok()) {
        const int error = checked.error().id == ErrorId::spawn_too_large ? E2BIG : EINVAL;
        co_return os::SpawnFailed{request.token, error, checked.error().detail};
    }
    MonotonicTime until = steady_clock::now() + start_patience_;
    auto turn = starts_.take(request.unix_user, until);
    if (!co_await std::move(turn))
        co_return os::SpawnFailed{request.token, gone_ ? EPIPE : ETIMEDOUT, "wait for earlier commands"};
    const auto process = std::make_shared<Process>(executor_);
    processes_.emplace(request.token, process);
    enqueue(os::encode(os::ToMonitor(request)));
    while (!process->spawned) {
        co_await process->changed.wait_until(until);
        if (process->spawned || steady_clock::now() < until) continue;
        // Whether it became the command all the same is the monitor's to say, which hears of its end.
        send(request.token, os::SignalRequest::What::kill);
        until = MonotonicTime::max();
    }
    starts_.end(request.unix_user);
    if (std::holds_alternative<os::SpawnFailed>(*process->spawned)) processes_.erase(request.token);
    co_return std::move(*process->spawned);
}

struct MonitorLink::LogonCounts {
    unsigned all = 0;
    std::map<std::string, unsigned> of;  // By "name …" and "address …".
};

// Among those that wait for PAM, or whom it is asked about. One name, or one address, cannot have all the
// places. Given back also when the coroutine is destroyed, which may be after the link is.
class MonitorLink::LogonPlace {
public:
    LogonPlace(std::shared_ptr<LogonCounts> counts, const std::string& name, const std::string& address)
        : counts_(std::move(counts)), name_("name " + name), address_("address " + address) {
        granted_ = ++counts_->all <= most_logons_inside;
        granted_ &= ++counts_->of[name_] <= most_logons_inside_of_name;
        granted_ &= ++counts_->of[address_] <= most_logons_inside_of_address;
    }
    LogonPlace(const LogonPlace&) = delete;
    LogonPlace& operator=(const LogonPlace&) = delete;
    ~LogonPlace() {
        --counts_->all;
        for (const auto& key : {name_, address_})
            if (--counts_->of[key] == 0) counts_->of.erase(key);
    }
    [[nodiscard]] bool granted() const { return granted_; }

private:
    std::shared_ptr<LogonCounts> counts_;
    std::string name_, address_;
    bool granted_ = false;
};

net::Task<bool> MonitorLink::take_logon_turn(std::string name) {
    const MonotonicTime until = steady_clock::now() + logon_patience;
    auto of_name = logons_of_name_.take(name, until);
    if (!co_await std::move(of_name)) co_return false;
    auto of_all = logons_at_once_.take({}, until);
    const bool came = co_await std::move(of_all);
    if (!came) logons_of_name_.end(name);
    co_return came;
}

void MonitorLink::end_logon_turn(const std::string& name) {
    logons_at_once_.end({});
    logons_of_name_.end(name);
}

net::Task<os::LogonEnded> MonitorLink::log_on(os::LogonRequest request, std::optional<Duration>* taken) {
    using What = os::LogonEnded::What;
    const auto token = request.token;
    if (gone_) co_return failed_logon(token, What::broken, "the monitor is gone");
    if (const auto checked = os::check(request); !checked.ok())
        co_return failed_logon(token, What::refused, checked.error().detail);
    const std::string name = without_case(request.user);
    const LogonPlace place(logon_counts_, name, request.address);
    if (!place.granted()) co_return failed_logon(token, What::busy, "too many wait for PAM");
    auto turn = take_logon_turn(name);
    if (!co_await std::move(turn)) co_return failed_logon(token, What::busy, "PAM did not come to it");
    const auto began = steady_clock::now();
    auto asking = ask(std::move(request));
    auto ended = co_await std::move(asking);
    if (taken != nullptr) *taken = std::chrono::duration_cast<Duration>(steady_clock::now() - began);
    end_logon_turn(name);
    co_return ended;
}

net::Task<bool> MonitorLink::wait_as_asked(std::string user, std::string address, Duration how_long) {
    const std::string name = without_case(std::move(user));
    const LogonPlace place(logon_counts_, name, address);
    if (!place.granted()) co_return false;
    auto turn = take_logon_turn(name);
    if (!co_await std::move(turn)) co_return false;
    Notifier nobody(executor_);
    co_await nobody.wait_until(steady_clock::now() + how_long);
    end_logon_turn(name);
    co_return true;
}

// The monitor has a clock of its own, and always answers.
net::Task<os::LogonEnded> MonitorLink::ask(os::LogonRequest request) {
    const auto token = request.token;
    const auto logon = std::make_shared<Logon>(executor_);
    logons_.emplace(token, logon);
    enqueue(os::encode(os::ToMonitor(request)));
    request.password.reset();
    while (!logon->ended) co_await logon->changed.wait_until(MonotonicTime::max());
    logons_.erase(token);
    co_return std::move(*logon->ended);
}

net::Task<std::uint32_t> MonitorLink::exit_code(std::uint64_t token) {
    const auto found = processes_.find(token);
    if (found == processes_.end()) co_return monitor_gone;
    const auto process = found->second;
    while (!process->exit_code) co_await process->changed.wait_until(MonotonicTime::max());
    co_return *process->exit_code;
}

bool MonitorLink::over_memory(std::uint64_t token) const {
    const auto found = processes_.find(token);
    return found != processes_.end() && found->second->over_memory;
}

void MonitorLink::send(std::uint64_t token, os::SignalRequest::What what) {
    if (!gone_) enqueue(os::encode(os::ToMonitor(os::SignalRequest{token, what})));
}

void MonitorLink::release(std::uint64_t token) {
    processes_.erase(token);
    if (!gone_) enqueue(os::encode(os::ToMonitor(os::Release{token})));
}

}  // namespace mullion::service
