#include "state/security.h"

#include <gtest/gtest.h>

#include "rights/sddl.h"
#include "state/config_file.h"
#include "state/config_tree.h"
#include "state/settings_table.h"
#include "state/warnings.h"

namespace mullion::state::testing {
namespace {

const std::string shells = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
const std::string plain = "D:(A;;GA;;;BA)";

TEST(RootSddl, IsWindowsDefault) {
    const auto descriptor = read_descriptor(Settings{}.root_sddl);
    ASSERT_TRUE(descriptor.ok());
    EXPECT_EQ(rights::write_sddl(*descriptor), default_root_sddl);
}

TEST(RootSddl, IsASetting) {
    const auto config = read_config("Service:\n  RootSDDL: O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;RM)\n");
    ASSERT_TRUE(config.ok()) << config.error().message();
    EXPECT_EQ(config->settings.root_sddl, "O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;RM)");
    ConfigTree tree;
    ASSERT_TRUE(set_text(tree.command_line, "service/rootsddl=" + plain).ok());
    EXPECT_EQ(tree.config().settings.root_sddl, plain);
}

TEST(RootSddl, ThatIsWrongIsToldByPlace) {
    EXPECT_EQ(read_config("\nService:\n  RootSDDL: D:(A;;GA;;;XX)\n").error().detail,
              "line 3: Service/RootSDDL: character 12: expected a SID (S-1-5-32-544) or the two letters of "
              "an alias (BA), found \"XX)\"");
    ConfigTree tree;
    EXPECT_FALSE(set_text(tree.command_line, "Service/RootSDDL=").ok());
    EXPECT_EQ(tree.config().settings.root_sddl, default_root_sddl);
}

TEST(Security, IsReadFromTheFile) {
    const auto config = read_config("Security:\n  - Uri: " + shells + "\n    Sddl: " + plain +
                                    "\n  - uri: http://x\n    sddl: 'D:'\n    exactmatch: TRUE\n");
    ASSERT_TRUE(config.ok()) << config.error().message();
    EXPECT_EQ(config->security,
              (std::vector<SecurityEntry>{{shells, plain, false}, {"http://x", "D:", true}}));
    EXPECT_TRUE(read_config("Security:\nGroups:\n").ok());
}

TEST(Security, NonsenseIsToldByLine) {
    struct Row {
        std::string yaml, fault;
    };
    const std::string sddl = "    Sddl: " + plain + "\n";
    for (const auto& row :
         {Row{"Security: x\n", "line 1: Security is a list"},
          Row{"Security:\n  - x\n", "line 2: an entry of Security is a map with Uri and Sddl"},
          Row{"Security:\n  - Uri: http://x\n", "line 2: an entry of Security needs Uri and Sddl"},
          Row{"Security:\n  - Sddl: 'D:'\n", "line 2: Uri is a resource's, with no blanks and no ?"},
          Row{"Security:\n  - Uri: http://x?a=b\n" + sddl,
              "line 2: Uri is a resource's, with no blanks and no ?"},
          Row{"Security:\n  - Uri: http://x y\n" + sddl,
              "line 2: Uri is a resource's, with no blanks and no ?"},
          Row{"Security:\n  - Uri: http://x\n    Sddl: D:(A;;GA;;;BA\n",
              "line 3: Sddl: character 14: expected ')', found the end"},
          Row{"Security:\n  - Uri: http://x\n    ExactMach: true\n",
              "line 3: ExactMach is not a key of Security; did you mean ExactMatch?"},
          Row{"Security:\n  - Uri: http://x\n    ExactMatch: maybe\n" + sddl,
              "line 3: ExactMatch is true or false"},
          Row{"Security:\n  - Uri: [a]\n", "line 2: Uri takes one value"},
          Row{"Security:\n  - Uri: http://x\n" + sddl + "  - Uri: HTTP://X\n" + sddl,
              "line 4: there is already an entry of that Uri"},
          Row{"Groups: [wheel]\n", "line 1: Groups is a map: a group of Linux, and what it means on Windows"},
          Row{"Groups:\n  wheel: Admins\n",
              "line 2: wheel: there is no group \"Admins\"; groups are Windows' own, as Remote Management "
              "Users"},
          Row{"Groups:\n  wheel: [a]\n", "line 2: wheel takes one group"}}) {
        const auto config = read_config(row.yaml);
        ASSERT_FALSE(config.ok()) << row.yaml;
        EXPECT_EQ(config.error().id, ErrorId::config_invalid);
        EXPECT_TRUE(config.error().detail.starts_with(row.fault)) << config.error().detail;
    }
}

TEST(Security, IsPutInThePlaceOfWhatWas) {
    std::vector<SecurityEntry> entries{{shells, plain, false}};
    ASSERT_TRUE(put_security(entries, {"http://x", "D:", false}).ok());
    ASSERT_TRUE(put_security(entries, {"HTTP://X", plain, true}).ok());
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(*find_security(entries, "http://X"), (SecurityEntry{"HTTP://X", plain, true}));
    EXPECT_EQ(find_security(entries, shells + "/cmd"), nullptr);
    EXPECT_FALSE(put_security(entries, {"http://y", "D:(", true}).ok());
    EXPECT_FALSE(put_security(entries, {"", plain, true}).ok());
    EXPECT_EQ(entries.size(), 2u);
}

TEST(Security, IsWrittenIntoTheFile) {
    const auto yaml = "# mine\nSecurity:\n  - Uri: http://x\n    Sddl: 'D:'\nGroups:\n  wheel: BA\n";
    auto layer = *read_layer(yaml);
    layer.security[0].sddl = plain;
    layer.security.push_back({shells, plain, true});
    const auto text = edit_layer(yaml, layer);
    ASSERT_TRUE(text.ok()) << text.error().message();
    EXPECT_TRUE(text->starts_with("# mine\n")) << *text;
    EXPECT_NE(text->find("Groups:\n  wheel: BA\n"), std::string::npos) << *text;
    EXPECT_EQ(*read_layer(*text), layer) << *text;
    layer.security.clear();
    EXPECT_TRUE(read_layer(*edit_layer(*text, layer))->security.empty());
    layer.security.push_back({shells, plain, true});
    EXPECT_EQ(*read_layer(layer_yaml(layer)), layer) << "also where all of it is written anew";
}

TEST(Groups, OfLinuxMeanThoseOfWindows) {
    const auto config = read_config("groups:\n  wheel: administrators\n  nagios: RM\n");
    ASSERT_TRUE(config.ok()) << config.error().message();
    EXPECT_EQ(config->groups,
              (std::vector<GroupRule>{{"wheel", "Administrators"}, {"nagios", "Remote Management Users"}}));
}

TEST(Rights, ThatAreNotMeantAreWarnedOf) {
    const auto warned = [](const Config& config, const std::string& of) {
        const auto all = unsafe_settings(config, true);
        return std::find(all.begin(), all.end(), of) != all.end();
    };
    Config config;
    EXPECT_TRUE(unsafe_settings(config, true).empty());
    config.settings.root_sddl = "O:BA";
    EXPECT_TRUE(warned(config, "Service/RootSDDL has no D: list: every account may do everything"));
    config.settings.root_sddl = "D:(A;;GA;;;IU)";
    EXPECT_TRUE(warned(config, "Service/RootSDDL gives nobody full access who logs on over the network"));
    config.security = {{"http://x", "D:", false}};
    EXPECT_TRUE(warned(config, "Security of http://x gives nobody full access who logs on over the network"));
}

}  // namespace
}  // namespace mullion::state::testing
