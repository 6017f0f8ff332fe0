// fleet_load [--hosts N] [--forks N] [--threads N] [--scheme http|https] [--transport NAME] [--ca FILE]
//            [--first ADDRESS] [--port N] [--user NAME] [--password-file FILE] [--commands N] -- COMMAND
//
// Runs COMMAND on N hosts at ADDRESS, ADDRESS + 1 … through the library, checks that each answer begins with
// the host's own address, and prints one JSON line: results by status, processor time and peak memory of this
// process. With --commands: so many in one held shell of the first host instead.
#include <arpa/inet.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "client/client.h"
#include "fleet/fleet.h"

namespace {

using namespace mullion;

std::map<std::string, std::string> words{{"hosts", "1"},
                                         {"forks", "64"},
                                         {"threads", "0"},
                                         {"scheme", "http"},
                                         {"transport", "negotiate"},
                                         {"ca", ""},
                                         {"first", "127.1.0.1"},
                                         {"port", "5985"},
                                         {"user", ""},
                                         {"password-file", ""},
                                         {"commands", "0"}};

unsigned number(const std::string& name) {
    return static_cast<unsigned>(std::strtoul(words[name].c_str(), nullptr, 10));
}

std::string address_of(std::size_t host) {
    in_addr address{};
    inet_pton(AF_INET, words["first"].c_str(), &address);
    address.s_addr = htonl(ntohl(address.s_addr) + static_cast<std::uint32_t>(host));
    char text[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, &address, text, sizeof text);
}

target::Target target_of(std::size_t host) {
    target::Target target;
    target.name = target.host = address_of(host);
    target.scheme = words["scheme"] == "https" ? target::Scheme::https : target::Scheme::http;
    target.port = static_cast<std::uint16_t>(number("port"));
    target.ca_file = words["ca"];
    target.allow_unencrypted = words["transport"] == "basic" && words["scheme"] == "http";
    if (!words["transport"].empty()) target.transports = {words["transport"]};
    return target;
}

std::string read_password() {
    std::ifstream file(words["password-file"]);
    std::string line;
    std::getline(file, line);
    return line;
}

struct Sink final : client::OutputSink {
    void on_output(client::Stream, std::string_view bytes) override { text += bytes; }
    std::string text;
};

class Checking final : public fleet::Observer {
public:
    client::OutputSink& start(std::size_t host) override { return sinks_[host]; }
    void on_result(std::size_t host, client::RunOutcome outcome) override {
        ++by_status[std::string(to_string(outcome.status))];
        const auto found = sinks_.find(host);
        if (found != sinks_.end()) {
            if (found->second.text.starts_with(address_of(host) + "\r\n")) ++right;
            bytes += found->second.text.size();
            sinks_.erase(found);
        }
        if (outcome.error && !first_error) first_error = outcome.error->message();
        round_trips += outcome.round_trips;
    }
    void on_late(std::size_t, Error) override { ++left_open; }

    std::map<std::string, unsigned> by_status;
    std::size_t right = 0, bytes = 0, left_open = 0, round_trips = 0;
    std::optional<std::string> first_error;

private:
    std::map<std::size_t, Sink> sinks_;  // Of hosts in progress.
};

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void print(const Checking& seen, std::chrono::steady_clock::time_point began) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    std::cout << "{";
    for (const auto& [status, count] : seen.by_status) std::cout << '"' << status << "\":" << count << ',';
    std::cout << "\"right\":" << seen.right << ",\"bytes\":" << seen.bytes
              << ",\"round_trips\":" << seen.round_trips << ",\"shells_left\":" << seen.left_open
              << ",\"user_s\":" << seconds(used.ru_utime) << ",\"system_s\":" << seconds(used.ru_stime)
              << ",\"wall_s\":" << wall.count() << ",\"peak_kib\":" << used.ru_maxrss << "}\n";
    if (seen.first_error) std::cerr << *seen.first_error << '\n';
}

void run_held(client::Runtime& runtime, const std::string& command, const std::string& password,
              Checking& seen) {
    auto shell = client::CommandShell::make(runtime, target_of(0), {words["user"], Secret(password)});
    if (!shell.ok()) return;
    for (unsigned i = 0; i < number("commands"); ++i) {
        auto& sink = seen.start(0);
        seen.on_result(0, shell.value()->run({.command = command}, sink));
    }
    for (auto& warning : shell.value()->close()) seen.on_late(0, std::move(warning));
}

}  // namespace

int main(int count, char** arguments) {
    std::string command;
    for (int i = 1; i + 1 < count; ++i) {
        const std::string word = arguments[i];
        if (word == "--") {
            command = arguments[i + 1];
            break;
        }
        const auto known = words.find(word.substr(std::min<std::size_t>(word.size(), 2)));
        if (known == words.end()) {
            std::cerr << "fleet_load: " << word << "?\n";
            return 5;
        }
        known->second = arguments[++i];
    }
    const auto began = std::chrono::steady_clock::now();
    const auto password = read_password();
    const auto threads = number("threads") != 0 ? number("threads") : std::thread::hardware_concurrency();
    client::Runtime runtime({.io_threads = threads, .worker_threads = 2});
    Checking seen;
    if (number("commands") > 0) {
        run_held(runtime, command, password, seen);
    } else {
        fleet::Fleet fleet(runtime, {.forks = fleet::forks_that_fit(number("forks"))});
        const auto prepare = [&](std::size_t host) -> fleet::Prepared {
            return fleet::Work{target_of(host), {words["user"], Secret(password)}};
        };
        fleet.run(number("hosts"), prepare, {.command = command}, seen);
    }
    print(seen, began);
    const auto wanted = std::max(number("commands"), number("hosts"));
    return seen.right == wanted ? 0 : 1;
}
