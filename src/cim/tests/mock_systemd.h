// A bus of our own (dbus-daemon) in a folder of the test, and on it something that answers as systemd does,
// or does not.
#pragma once

#include <sys/types.h>
#include <systemd/sd-bus.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mullion::cim {

class PrivateBus {
public:
    PrivateBus();
    ~PrivateBus();
    PrivateBus(const PrivateBus&) = delete;
    PrivateBus& operator=(const PrivateBus&) = delete;
    // Empty: dbus-daemon could not be started.
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    std::string folder_, address_;
    pid_t pid_ = -1;
};

struct MockUnit {
    std::string name, description, load = "loaded", active = "active", user = {}, result = "success";
    std::uint32_t process = 0;
    int code = 0, status = 0;
    std::uint64_t started = 1;
    std::vector<std::string> command = {};
};

// What it is asked it writes down; what it answers is set before it is started.
struct MockAnswers {
    std::vector<MockUnit> units = {};
    std::vector<std::pair<std::string, std::string>> files = {};
    std::vector<std::string> links = {};  // Instances of templates in `files` that are enabled.
    std::string job_result = "done";
    int meant = 1;              // Whether files say what enabling would mean.
    std::string denied = {};    // The method that is refused.
    std::string silent = {};    // The method that is never answered.
    std::string nonsense = {};  // The method that is answered with one number.
    bool units_change = false;  // Units are what became of them.
};

class MockSystemd {
public:
    MockSystemd(const std::string& address, MockAnswers answers);
    ~MockSystemd();
    MockSystemd(const MockSystemd&) = delete;
    MockSystemd& operator=(const MockSystemd&) = delete;
    // After it has ended: "StartUnit ssh.service".
    [[nodiscard]] std::vector<std::string> stop();

private:
    struct State;
    static int on_call(sd_bus_message* call, void* user_data, sd_bus_error* error);
    std::unique_ptr<State> state_;
    std::thread thread_;
};

}  // namespace mullion::cim
