#include "service/tests/config_fixture.h"

#include <boost/asio/detached.hpp>

namespace mullion::service::testing {
namespace {

net::Task<void> read_again(ConfigKeeper& keeper, bool& done) {
    auto reading = keeper.reload();
    const auto read = co_await std::move(reading);
    EXPECT_TRUE(read.ok()) << read.error().message();
    done = true;
}

net::Task<Result<auth::Identity>> check_password(std::string token, channel::LogonAttempt& /*attempt*/,
                                                 std::optional<state::AccountKey>& found) {
    if (token != "alice:right") co_return Error{ErrorId::auth_rejected, "wrong"};
    found = {"alice", 1000};
    co_return auth::Identity("alice", auth::Transport::basic, true, "alice");
}

}  // namespace

std::vector<std::string> NotedLines::with(std::string_view part) const {
    std::vector<std::string> out;
    for (const auto& line : all)
        if (line.find(part) != std::string::npos) out.push_back(line);
    return out;
}

ConfigFixture::ConfigFixture()
    : passwords(
          check_password, [this](const state::AccountKey&) { return account_is_there; }, doorkeeper) {
    std::string name = ::testing::TempDir() + "mullion-config-XXXXXX";
    folder = mkdtemp(name.data());
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    const state::ConfigStore store(folder, {});
    auto tree = store.read();
    EXPECT_TRUE(tree.ok());
    effect.settings = &settings;
    keeper.emplace(ConfigKeeper::Parts{io.get_executor(), workers, effect, log}, store, std::move(*tree));
    config.emplace(ConfigResources::Parts{
        *keeper, passwords, shells.operations(), {folder + "/certs", folder + "/trust", &clock, "testhost"}});
    whole.emplace(Dispatcher::Parts{
        shells, settings, random, null_logger(), "testhost", {"6.1.0"}, nullptr, nullptr, &*config});
}

ConfigFixture::~ConfigFixture() {
    std::filesystem::remove_all(folder);
}

void ConfigFixture::write(const std::string& file, const std::string& text) {
    const auto path = std::filesystem::path(folder) / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    bool done = false;
    boost::asio::co_spawn(io, read_again(*keeper, done), boost::asio::detached);
    io.restart();
    while (!done) io.run_one();
}

std::string ConfigFixture::yaml() const {
    std::ifstream file(folder + "/winrm.yaml");
    return {std::istreambuf_iterator<char>(file), {}};
}

const wsman::ConfigResource& ConfigFixture::resource(const std::string& path) {
    const auto* found =
        wsman::find_config_resource(std::string(wsman::resource::config) + (path.empty() ? "" : "/" + path));
    EXPECT_NE(found, nullptr) << path;
    return *found;
}

wsman::ConfigTarget ConfigFixture::target(const std::string& path, std::vector<wsman::Selector> keys) {
    return {&resource(path), std::move(keys)};
}

channel::Outgoing ConfigFixture::ask(std::string body) {
    auto answer = std::make_shared<std::optional<channel::Outgoing>>();
    auto request_of_alice = incoming(std::move(body), "alice", true);
    request_of_alice.client_ip = "127.0.0.1";  // Answered whatever AllowRemoteAccess says.
    request_of_alice.local = over_local_socket;
    auto task = whole->handle(std::move(request_of_alice));
    boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr bug, channel::Outgoing out) {
        EXPECT_FALSE(bug);
        *answer = std::move(out);
    });
    return finish(answer);
}

wsman::ConfigDocument ConfigFixture::get(const wsman::ConfigTarget& target) {
    const auto message = understood(ask(wsman::write_config_get(request, message_id(), target)));
    auto document = wsman::read_config_answer(message, wsman::action::get, *target.resource);
    EXPECT_TRUE(document.ok());
    return std::move(*document);
}

std::uint32_t ConfigFixture::fault_of_get(const wsman::ConfigTarget& target) {
    return code_of(ask(wsman::write_config_get(request, message_id(), target)));
}

channel::Outgoing ConfigFixture::put(const wsman::ConfigTarget& target,
                                     std::vector<wsman::ConfigValue> values,
                                     std::optional<std::string> password) {
    wsman::ConfigDocument document{target.resource, {}, {}, std::move(values), std::nullopt};
    if (password) document.password.emplace(*password);
    return ask(wsman::write_config_put(request, message_id(), target, document));
}

channel::Outgoing ConfigFixture::create(const wsman::ConfigTarget& target,
                                        std::vector<wsman::ConfigValue> values,
                                        std::optional<std::string> password) {
    wsman::ConfigDocument document{target.resource, {}, {}, std::move(values), std::nullopt};
    if (password) document.password.emplace(*password);
    return ask(wsman::write_config_create(request, message_id(), target, document));
}

channel::Outgoing ConfigFixture::remove(const wsman::ConfigTarget& target) {
    return ask(wsman::write_config_delete(request, message_id(), target));
}

}  // namespace mullion::service::testing
