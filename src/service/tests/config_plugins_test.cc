// winrm/config/plugin, service/security and resource, over messages: service-protocol.md 2.1 - 2.3.
#include <gtest/gtest.h>

#include "rights/well_known.h"
#include "service/config/plugins.h"
#include "service/tests/config_fixture.h"
#include "wsman/config_plugin.h"
#include "wsman/transfer.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

const std::string shell(wsman::resource::shells);
const std::string cmd(wsman::resource::command_shell);
const std::string full = "D:(A;;GA;;;BA)";
const std::string more = "D:(A;;GA;;;BA)(A;;GXGR;;;RM)";

class ConfigPlugins : public ConfigFixture {
protected:
    channel::Outgoing transfer(std::string_view action, const std::string& path,
                               std::vector<wsman::Selector> keys, std::string body = {}) {
        wsman::Transfer what{std::string(action), std::string(wsman::resource::config) + path};
        what.selectors = std::move(keys);
        what.body = std::move(body);
        return ask(wsman::write_transfer(request, message_id(), what));
    }
    channel::Outgoing get_security(const std::string& uri) {
        return transfer(wsman::action::get, "/service/security", {{"Uri", uri}});
    }
    channel::Outgoing put_security(const std::string& uri, const std::string& sddl, bool exact = false) {
        xml::Writer out;
        out.open("p:Security").declare("p", wsman::plugin_space).attribute("Uri", uri);
        out.attribute("Sddl", sddl).attribute("ExactMatch", exact ? "true" : "false").close();
        return transfer(wsman::action::put, "/service/security", {{"Uri", uri}}, out.take());
    }
    channel::Outgoing get_plugin(const std::string& name) {
        return transfer(wsman::action::get, "/plugin", {{"Name", name}});
    }
    channel::Outgoing put_plugin(const std::string& name, const wsman::Plugin& plugin) {
        return transfer(wsman::action::put, "/plugin", {{"Name", name}}, wsman::plugin_item(plugin));
    }
    std::string attribute_of(const channel::Outgoing& out, std::string_view name) {
        return understood(out).body.attribute("", name).value_or("none");
    }
    wsman::Batch enumerate(const std::string& path, const std::string& mode = {}) {
        wsman::Enumerate what;
        what.max_elements = 100;
        what.mode = mode;
        const auto out = ask(wsman::write_enumerate(request, message_id(),
                                                    std::string(wsman::resource::config) + path, {}, what));
        auto batch = wsman::read_enumerate_response(understood(out));
        EXPECT_TRUE(batch.ok());
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
    std::vector<std::string> resources_for(const rights::Token& who) {
        return usable_resources(*keeper->tree(), who);
    }
    wsman::Plugin shells() { return document_of(*keeper->tree(), *find_plugin("Shell cmd plugin")); }
};

TEST_F(ConfigPlugins, ADescriptorIsPutAndCountsAtOnce) {
    EXPECT_EQ(attribute_of(get_security(shell), "Sddl"), state::default_root_sddl)
        << "without one of its own it is RootSDDL that counts";
    const auto answer = understood(put_security(cmd, more, true));
    EXPECT_TRUE(answer.body.is(wsman::plugin_space, "PlugInConfiguration")) << answer.body.to_xml();
    EXPECT_EQ(answer.body.attribute("", "Name"), "Shell cmd plugin");
    EXPECT_NE(answer.body.to_xml().find("GXGR"), std::string::npos);
    ASSERT_EQ(effect.applied.size(), 1u);
    EXPECT_EQ(effect.applied[0].security, (std::vector<state::SecurityEntry>{{cmd, more, true}}));
    EXPECT_NE(yaml().find("Security:"), std::string::npos);
    EXPECT_EQ(attribute_of(get_security(cmd), "Sddl"), more);
    EXPECT_EQ(attribute_of(get_security(cmd), "ExactMatch"), "true");
    EXPECT_EQ(attribute_of(get_security(cmd + "/deeper"), "Sddl"), state::default_root_sddl) << "exact";
    EXPECT_EQ(put_security(shell, full).status, 200);
    EXPECT_EQ(attribute_of(get_security(cmd + "/deeper"), "Sddl"), full) << "that of the resource above";
    // In other letters it is the same resource, and its spelling stays.
    EXPECT_EQ(put_security(upper(shell), more).status, 200);
    EXPECT_EQ(effect.applied.back().security,
              (std::vector<state::SecurityEntry>{{cmd, more, true}, {shell, more, false}}));
}

TEST_F(ConfigPlugins, WhatADescriptorMayNotBe) {
    EXPECT_EQ(code_of(put_security("http://nobody/serves/this", full)), code::resource_not_found);
    EXPECT_EQ(code_of(get_security("http://nobody/serves/this")), code::resource_not_found);
    EXPECT_EQ(code_of(put_security("http://schemas.microsoft.com/wbem/wsman/1", full)),
              code::resource_not_found);
    EXPECT_EQ(code_of(put_security(shell + "?x", full)), code::resource_not_found);
    EXPECT_EQ(code_of(put_security(shell + "/a b", full)), code::schema_validation);
    EXPECT_EQ(code_of(put_security(shell, "nonsense")), code::schema_validation);
    const auto locked = fault_of(put_security(shell, "D:(A;;GA;;;IU)"));
    EXPECT_EQ(locked.code, code::schema_validation);
    EXPECT_NE(locked.message.find("nobody who logs on"), std::string::npos) << locked.message;
    EXPECT_EQ(code_of(put_security(shell, "D:(A;;GXGR;;;BA)")), code::schema_validation);
    EXPECT_EQ(yaml(), "");
    EXPECT_TRUE(effect.applied.empty());
}

TEST_F(ConfigPlugins, WhatPolicySaysStays) {
    write("policy.d/1.yml", "Security:\n  - Uri: " + shell + "\n    Sddl: " + full + "\n");
    EXPECT_EQ(attribute_of(get_security(shell), "Source"), "GPO");
    EXPECT_EQ(code_of(put_security(shell, more)), code::policy_controlled);
    EXPECT_EQ(put_security(shell, full).status, 200) << "what it says already";
    EXPECT_EQ(put_security(cmd, more).status, 200) << "policy speaks of another";
    auto plugin = shells();
    ASSERT_EQ(plugin.resources[0].security.size(), 2u);
    EXPECT_EQ(plugin.resources[0].security[0].source, "GPO");
    plugin.resources[0].security.erase(plugin.resources[0].security.begin());
    EXPECT_EQ(code_of(put_plugin("Shell cmd plugin", plugin)), code::policy_controlled);
    EXPECT_EQ(yaml().find(shell + "\n"), std::string::npos);
}

TEST_F(ConfigPlugins, AreThoseThatAreHere) {
    const auto batch = enumerate("/plugin");
    ASSERT_EQ(batch.items.size(), 3u);
    EXPECT_NE(batch.items[0].find("Name=\"Shell cmd plugin\""), std::string::npos);
    EXPECT_NE(batch.items[0].find("<cfg:Capability Type=\"Shell\"/>"), std::string::npos);
    EXPECT_NE(batch.items[1].find("Name=\"Config provider\""), std::string::npos);
    EXPECT_NE(batch.items[1].find("Type=\"Enumerate\""), std::string::npos);
    EXPECT_NE(batch.items[2].find("Name=\"WMI Provider\""), std::string::npos);
    EXPECT_NE(batch.items[2].find("wsman/1/wmi\""), std::string::npos);
    EXPECT_EQ(attribute_of(get_plugin("shell CMD plugin"), "Name"), "Shell cmd plugin");
    const auto missing = fault_of(get_plugin("microsoft.powershell"));
    EXPECT_EQ(missing.code, code::resource_not_found);
    EXPECT_NE(missing.message.find("Shell cmd plugin, Config provider, WMI Provider"), std::string::npos)
        << missing.message;
    EXPECT_EQ(code_of(put_plugin("x", shells())), code::resource_not_found);
    const auto references = enumerate("/plugin", "EnumerateEPR");
    EXPECT_NE(references.items[0].find("<w:Selector Name=\"Name\">Shell cmd plugin</w:Selector>"),
              std::string::npos)
        << references.items[0];
    const auto both = enumerate("/plugin", "EnumerateObjectAndEPR");
    EXPECT_NE(both.items[1].find("Config provider</w:Selector>"), std::string::npos) << both.items[1];
    EXPECT_NE(both.items[1].find("<cfg:PlugInConfiguration"), std::string::npos);
}

TEST_F(ConfigPlugins, APutChangesTheirDescriptorsAndNothingElse) {
    auto plugin = shells();
    EXPECT_EQ(put_plugin("Shell cmd plugin", plugin).status, 200) << "the whole, as it was got";
    plugin.resources[0].security = {{cmd, more, false}, {shell, full, true}};
    EXPECT_EQ(put_plugin("Shell cmd plugin", plugin).status, 200);
    EXPECT_EQ(shells().resources[0].security, plugin.resources[0].security);
    EXPECT_EQ(put_security(std::string(wsman::resource::config) + "/listener", full).status, 200);
    plugin.resources[0].security.pop_back();
    EXPECT_EQ(put_plugin("Shell cmd plugin", plugin).status, 200);
    EXPECT_EQ(effect.applied.back().security.size(), 2u) << "that of the other plugin stays";
    EXPECT_EQ(effect.applied.back().security[0].uri, cmd);
    const auto before = effect.applied.size();
    plugin.attributes[4].value = "false";  // Enabled
    const auto refused = fault_of(put_plugin("Shell cmd plugin", plugin));
    EXPECT_EQ(refused.code, code::read_only_setting);
    EXPECT_NE(refused.message.find("Enabled is built into this service"), std::string::npos);
    plugin = shells();
    plugin.resources[0].security[0].sddl = "D:(A;;GA;;;SY)";
    EXPECT_EQ(code_of(put_plugin("Shell cmd plugin", plugin)), code::schema_validation) << "locks out";
    EXPECT_EQ(effect.applied.size(), before);
}

TEST_F(ConfigPlugins, RestoreTakesTheDescriptorsAway) {
    EXPECT_EQ(put_security(shell, more).status, 200);
    const auto restore = [&](const std::string& path) {
        return transfer(std::string(wsman::resource::config) + path + "/restore", path, {});
    };
    EXPECT_EQ(restore("").status, 200);
    EXPECT_EQ(effect.applied.back().security.size(), 1u) << "settings alone";
    EXPECT_EQ(restore("/plugin").status, 200);
    EXPECT_TRUE(effect.applied.back().security.empty());
    EXPECT_EQ(attribute_of(get_security(shell), "Sddl"), state::default_root_sddl);
    EXPECT_EQ(code_of(restore("/service")), code::action_not_supported);
}

TEST_F(ConfigPlugins, OnlyWhatOneMayUseIsListed) {
    const auto all = enumerate("/resource");
    EXPECT_TRUE(all.end);
    EXPECT_EQ(all.items.size(), 18u);
    EXPECT_EQ(all.items[0],
              "<cfg:Resource xmlns:cfg=\"http://schemas.microsoft.com/wbem/wsman/1/config/resource\" "
              "xml:lang=\"en-US\"><cfg:ResourceUri>" +
                  shell + "</cfg:ResourceUri></cfg:Resource>");
    const auto monitor = rights::network_token(rights::sids::users, {rights::sids::remote_management_users});
    EXPECT_TRUE(resources_for(monitor).empty());
    EXPECT_EQ(put_security(shell, more).status, 200);
    EXPECT_EQ(resources_for(monitor), std::vector<std::string>{shell});
    const auto config = std::string(wsman::resource::config);
    EXPECT_EQ(put_security(config + "/listener", "D:(A;;GA;;;BA)(A;;GX;;;RM)").status, 200);
    EXPECT_EQ(resources_for(monitor).size(), 1u) << "Execute alone is of no use there";
    EXPECT_EQ(put_security(config + "/listener", more, true).status, 200);
    EXPECT_EQ(resources_for(monitor), (std::vector<std::string>{shell, config + "/listener"}));
    wsman::Enumerate what;
    what.mode = "EnumerateEPR";
    EXPECT_EQ(code_of(ask(wsman::write_enumerate(request, message_id(), config + "/resource", {}, what))),
              code::unsupported_feature);
}

}  // namespace
}  // namespace mullion::service::testing
