// Auths whose secret cannot be used: how often they ask the store again, and what they tell.
#include "cli/exporter_secrets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "os/tests/temporary_folder.h"
#include "secrets/audit/log_file.h"
#include "secrets/entities/references.h"
#include "secrets/managers/builtin.h"
#include "secrets/store/store.h"
#include "secrets/use/surroundings.h"

namespace mullion::cli {
namespace {

using namespace std::chrono_literals;

class Lines final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel) const override { return true; }
    void write(LogLevel, std::string_view line) override { lines_.emplace_back(line); }
    [[nodiscard]] long count(const std::string& text) const {
        return std::count_if(lines_.begin(), lines_.end(),
                             [&](const std::string& line) { return line.find(text) != std::string::npos; });
    }

private:
    std::vector<std::string> lines_;
};

class ExporterSecrets : public testing::Test {
protected:
    ExporterSecrets() {
        EXPECT_TRUE(secrets::BuiltinManager::make_file(secrets::key_file_of(file_), Secret()).ok());
        audit_ = secrets::AuditLog::open(secrets::audit_file_of(file_)).value();
        managers_ = std::make_unique<secrets::MachineManagers>(file_, secrets::this_delegate({}), nullptr);
        store_ = secrets::Store::open(file_, secrets::Store::Mode::create, *managers_, *audit_).value();
    }
    static secrets::Entity text_secret(const std::string& id) {
        const auto manager = secrets::parse_reference(secrets::builtin_manager_id).value();
        return {{secrets::Space::secret, {}, id}, id, "", {}, secrets::TextSecret{manager}};
    }
    void add(const std::string& id) {
        const auto added =
            store_->create(who_, {"test", "", ""}, text_secret(id), Secret("correct horse battery"));
        ASSERT_TRUE(added.ok()) << added.error().message();
    }
    void change(const std::string& id) {
        const auto changed =
            store_->update(who_, {"test", "", ""}, text_secret(id), Secret("another staple"));
        ASSERT_TRUE(changed.ok()) << changed.error().message();
    }
    // As at the start, and as at a reload.
    void open(const std::string& auth) {
        config_ = exporter::read_config("version: 1\ntargets: {allow: [a]}\nsecrets: {store: " + file_ +
                                            "}\nauths: {default: " + auth + "}\n",
                                        "/exporter.yml")
                      .value();
        ASSERT_TRUE(open_stored_auths(config_, log_, clock_).ok());
    }
    exporter::StoredAuth& auth() { return *config_.auths.at("default").stored; }
    // A scrape every ten seconds, each of which makes its session anew.
    void scrape_for(Duration time) {
        for (Duration gone{0}; gone < time; gone += between_looks) {
            clock_.advance(between_looks);
            (void)auth().edition();
        }
    }
    // Each is a commit of the audit log.
    [[nodiscard]] long look_ups() const { return log_.count("audit log "); }

    Lines log_;

private:
    os::TemporaryFolder folder_;
    const std::string file_ = folder_ / "secrets.db";
    const secrets::Principal who_{"uid:1000"};
    ManualClock clock_;
    std::unique_ptr<secrets::AuditLog> audit_;
    std::unique_ptr<secrets::MachineManagers> managers_;
    std::unique_ptr<secrets::Store> store_;
    exporter::Config config_;
};

constexpr const char* by_password = R"({user: a, password: '<+secrets.getValue("account.win_pw")>'})";

TEST_F(ExporterSecrets, WhatIsNotThereIsLookedUpLessAndLessOften) {
    open(by_password);
    EXPECT_EQ(look_ups(), 1);
    // After 10 s, 30, 70, 150 and 310, and then every five minutes.
    scrape_for(150s);
    EXPECT_EQ(look_ups(), 1 + 4);
    scrape_for(160s);
    EXPECT_EQ(look_ups(), 1 + 5);
    scrape_for(1'500s);
    EXPECT_EQ(look_ups(), 1 + 5 + 5);
    EXPECT_EQ(log_.count("auth default: "), 1) << "told once";
    EXPECT_EQ(auth().log_on().error().id, ErrorId::secrets_missing);
}

TEST_F(ExporterSecrets, WhatHasChangedIsLookedUpAtOnce) {
    open(by_password);
    scrape_for(1'000s);
    const auto before = look_ups();
    add("win_pw");
    scrape_for(10s);
    EXPECT_EQ(look_ups(), before + 1);
    ASSERT_TRUE(auth().log_on().ok());
    EXPECT_EQ(auth().log_on()->password.expose(), "correct horse battery");
    EXPECT_EQ(log_.count("auth default: its secret can be used again"), 1);
    scrape_for(1'000s);
    EXPECT_EQ(look_ups(), before + 1) << "and no more while it stays what it is";
}

TEST_F(ExporterSecrets, WhatCannotBeUsedIsTriedAgainAtOnceWhereItIsAnother) {
    add("win_pw");
    open("{credential: account.win_pw}");
    scrape_for(1'000s);
    EXPECT_EQ(auth().log_on().error().id, ErrorId::secrets_kind);
    const auto before = look_ups();
    change("win_pw");
    scrape_for(10s);
    EXPECT_EQ(look_ups(), before + 1);
    scrape_for(30s);
    EXPECT_EQ(look_ups(), before + 1 + 2) << "from the beginning: 10 s, 20 s";
    EXPECT_EQ(log_.count("auth default: "), 1) << "it is the same as before";
}

TEST_F(ExporterSecrets, AReloadAsksAtOnce) {
    open(by_password);
    scrape_for(1'000s);
    const auto before = look_ups();
    open(by_password);
    EXPECT_EQ(look_ups(), before + 1);
    EXPECT_EQ(log_.count("auth default: "), 2) << "of each configuration once";
}

}  // namespace
}  // namespace mullion::cli
