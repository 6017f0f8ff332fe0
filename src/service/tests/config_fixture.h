// winrm/config of a service in memory: its file is in a folder of its own, its listeners are only noted.
#pragma once

#include <filesystem>
#include <fstream>

#include "service/access/doorkeeper.h"
#include "service/config/config_resources.h"
#include "service/tests/service_fixture.h"
#include "wsman/config.h"

namespace mullion::service::testing {

class NotedEffect final : public ConfigEffect {
public:
    Result<std::unique_ptr<Ready>> prepare(const state::Config& next) override {
        if (refuse) return *refuse;
        prepared = next;
        return std::make_unique<Ready>();
    }
    void apply(std::unique_ptr<Ready>, const state::Config& next) override {
        applied.push_back(next);
        if (settings != nullptr) settings->set(next.settings);
    }
    ListenerFacts facts(const state::ListenerSettings& listener, const state::Settings& now) const override {
        return {state::effective_port(listener, now), listener.thumbprint,
                reached_at(listener, now, {{"10.0.0.5", "", false}, {"127.0.0.1", "", false}})};
    }
    std::optional<Error> refuse;
    state::Config prepared;
    std::vector<state::Config> applied;
    SettingsHolder* settings = nullptr;
};

class NotedLines final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel level) const override { return level >= LogLevel::info; }
    void write(LogLevel, std::string_view line) override { all.emplace_back(line); }
    [[nodiscard]] std::vector<std::string> with(std::string_view part) const;
    std::vector<std::string> all;
};

class ConfigFixture : public ServiceFixture {
protected:
    ConfigFixture();
    ~ConfigFixture() override;

    // What DIR/winrm.yaml, or a file of DIR/policy.d, says; in force at once.
    void write(const std::string& file, const std::string& text);
    [[nodiscard]] std::string yaml() const;

    static const wsman::ConfigResource& resource(const std::string& path);
    wsman::ConfigTarget target(const std::string& path, std::vector<wsman::Selector> keys = {});
    wsman::ConfigDocument get(const wsman::ConfigTarget& target);
    std::uint32_t fault_of_get(const wsman::ConfigTarget& target);
    channel::Outgoing put(const wsman::ConfigTarget& target, std::vector<wsman::ConfigValue> values,
                          std::optional<std::string> password = std::nullopt);
    channel::Outgoing create(const wsman::ConfigTarget& target, std::vector<wsman::ConfigValue> values,
                             std::optional<std::string> password = std::nullopt);
    channel::Outgoing remove(const wsman::ConfigTarget& target);
    channel::Outgoing ask(std::string body);

    // Whether what is asked comes over this machine's own socket.
    bool over_local_socket = false;
    std::string folder;
    NotedEffect effect;
    // One password for everybody; "alice" is the only account.
    NotedLines log;
    bool account_is_there = true;
    LogonDoorkeeper doorkeeper{log, clock};
    MappingPasswords passwords;
    net::WorkerPool workers{2};
    std::optional<ConfigKeeper> keeper;
    std::optional<ConfigResources> config;
    std::optional<Dispatcher> whole;
};

}  // namespace mullion::service::testing
