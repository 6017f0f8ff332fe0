#include "inventory/inventory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "inventory/tests/show.h"
#include "source_dir/source_dir.h"

namespace mullion::inventory {
namespace {

namespace fs = std::filesystem;

// A folder of files, gone with the test.
class InventoryFiles : public testing::Test {
protected:
    InventoryFiles() {
        std::string name = (fs::temp_directory_path() / "mullion-inventory-XXXXXX").string();
        root_ = ::mkdtemp(name.data());
    }
    ~InventoryFiles() override { fs::remove_all(root_); }

    std::string file(const std::string& name, std::string_view text) {
        const fs::path path = root_ / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (root_ / name).string(); }

    std::unique_ptr<Inventory> load(std::vector<std::string> names, std::vector<std::string> extra = {}) {
        Sources sources;
        for (const auto& name : names)
            sources.paths.push_back(name.find(',') == std::string::npos ? path(name) : name);
        sources.extra_variables = std::move(extra);
        for (const auto& [label, text] : passwords_)
            sources.vault_passwords.push_back({label, label + ".txt", Secret(text)});
        auto loaded = Inventory::load(std::move(sources));
        error_ = loaded.ok() ? "" : std::string(loaded.error().info().id) + " " + loaded.error().detail;
        // Where the files are is different each time.
        for (auto at = error_.find(root_.string()); at != std::string::npos; at = error_.find(root_.string()))
            error_.replace(at, root_.string().size() + 1, "");
        return loaded.ok() ? std::move(*loaded) : nullptr;
    }
    std::string variables(const Inventory& inventory, std::string_view host) {
        return show(inventory.variables(*inventory.model().find_host(host)));
    }
    std::string found(const Inventory& inventory, std::string_view host, std::string_view name) {
        const Value* const value = inventory.find(*inventory.model().find_host(host), name);
        return value == nullptr ? "none" : show(*value);
    }
    std::string magic(const Inventory& inventory, std::string_view host, std::string_view name) {
        const auto value = inventory.magic(*inventory.model().find_host(host), name);
        return value == nullptr ? "none" : show(*value);
    }

    fs::path root_;
    std::vector<std::pair<std::string, std::string>> passwords_;
    std::string error_;
};

std::string sample(const std::string& name) {
    std::ifstream file(source_dir() + "/src/inventory/tests/data/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(InventoryFiles, LaysVariablesOverEachOtherInAnsiblesOrder) {
    file("hosts.yml", R"(
all:
  vars: {v1: all, v2: all, v3: all, v4: all, v5: all, v6: all, v7: all, v8: all}
  children:
    outer:
      vars: {v2: outer, v3: outer, v4: outer, v5: outer, v6: outer, v7: outer, v8: outer}
      children:
        inner:
          vars: {v3: inner, v4: inner, v5: inner, v6: inner, v7: inner, v8: inner}
          hosts:
            h: {v6: host, v7: host, v8: host}
)");
    file("group_vars/all.yml", "v4: gv_all\nv5: gv_all\nv6: gv_all\nv7: gv_all\nv8: gv_all\n");
    file("group_vars/outer.yaml", "v5: gv_outer\nv6: gv_outer\nv7: gv_outer\nv8: gv_outer\n");
    file("host_vars/h", "v7: hv\nv8: hv\n");
    const auto inventory = load({"hosts.yml"}, {"v8=extra"});
    ASSERT_NE(inventory, nullptr) << error_;
    const char* expected[] = {"all", "outer", "inner", "gv_all", "gv_outer", "host", "hv", "extra"};
    for (int i = 0; i < 8; ++i) {
        const std::string name = "v" + std::to_string(i + 1);
        EXPECT_EQ(found(*inventory, "h", name), "'" + std::string(expected[i]) + "'") << name;
    }
    EXPECT_EQ(variables(*inventory, "h"),
              "v1='all' v2='outer' v3='inner' v4='gv_all' v5='gv_outer' v6='host' v7='hv' v8='extra'");
    EXPECT_EQ(found(*inventory, "h", "v9"), "none");
}

TEST_F(InventoryFiles, GroupsOfTheSameDepthGoByPriorityAndThenByName) {
    file("hosts.yml", R"(
b: {hosts: h, vars: {x: b, y: b, ansible_group_priority: 2}}
a: {hosts: h, vars: {x: a, y: a}}
c: {hosts: h, vars: {x: c, z: c}}
)");
    const auto inventory = load({"hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(variables(*inventory, "h"), "x='b' y='b' z='c'");
    std::string order;
    for (const GroupIndex group : inventory->groups_of(0))
        order += inventory->model().groups()[group].name + " ";
    EXPECT_EQ(order, "all a c b ");
}

TEST_F(InventoryFiles, ALaterSourceWins) {
    file("one/hosts.yml", "outer: {children: {inner: {hosts: {h: {a: 1}}}}}\n");
    file("one/group_vars/inner.yml", "x: one_inner\ny: one_inner\n");
    file("one/host_vars/h.yml", "z: one\nw: one\n");
    file("two/hosts.yml", "outer: {hosts: {h: {a: 2}, g: }}\n");
    file("two/group_vars/outer.yml", "x: two_outer\n");
    file("two/host_vars/h.yml", "z: two\n");
    const auto inventory = load({"one/hosts.yml", "two"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(variables(*inventory, "h"), "x='two_outer' y='one_inner' a=2 z='two' w='one'");
    const auto other = load({"two", "one/hosts.yml"});
    EXPECT_EQ(variables(*other, "h"), "x='one_inner' y='one_inner' a=1 z='one' w='one'");
}

TEST_F(InventoryFiles, ADirectoryIsItsFilesByName) {
    file("inv/20-more.yml", "web: {hosts: {h: {x: 20}, g: }}\n");
    file("inv/10-first.yaml", "web: {hosts: {h: {x: 10, y: 10}}}\n");
    file("inv/deep/er/hosts.json", "{\"db\": {\"hosts\": {\"d\": null}}}");
    file("inv/plain", "[mail]\nm x=1\n");
    for (const char* name : {"inv/x.ini", "inv/x.cfg", "inv/x.bak", "inv/x~", "inv/x.orig", "inv/x.retry",
                             "inv/x.md", "inv/x.txt", "inv/.hidden", "inv/vars_plugins/x.py"})
        file(name, "[: nonsense");
    file("inv/group_vars/web", "z: gv\n");
    const auto inventory = load({"inv"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(show_group(inventory->model(), "all"), "all(; ungrouped web db mail)");
    EXPECT_EQ(variables(*inventory, "h"), "z='gv' x=20 y=10");
    EXPECT_EQ(variables(*inventory, "m"), "x=1");
    EXPECT_EQ(load({"nothing"}), nullptr);
    fs::create_directories(path("empty/group_vars"));
    EXPECT_EQ(load({"empty"}), nullptr);
    EXPECT_EQ(error_, "inventory.invalid empty: the directory has no inventory file");
}

TEST_F(InventoryFiles, VariablesMayBeADirectoryOfFiles) {
    file("hosts.yml", "web: {hosts: {h: }}\n");
    file("group_vars/web/b.yml", "x: b\ny: b\n");
    file("group_vars/web/a", "x: a\nz: a\n");
    file("group_vars/web/sub/c.json", "{\"x\": \"c\"}");
    for (const char* name : {"group_vars/web/d.txt", "group_vars/web/.e.yml", "group_vars/web/f.yml~",
                             "group_vars/web/g.d/h.yml"})
        file(name, "x: wrong\n");
    file("group_vars/web.yml", "x: not_read\n");
    file("group_vars/nobody.yml", ": not read [");
    file("host_vars/h.json", "{\"q\": 1}");
    file("host_vars/h.yaml", "q: 2\n");
    const auto inventory = load({"hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(variables(*inventory, "h"), "x='c' z='a' y='b' q=2");
}

TEST_F(InventoryFiles, FindsTheVariablesOfNamesWithDotsAndSlashes) {
    file("hosts.yml", "w: {hosts: {web.yml: , web: , a/b: , /x: }}\n");
    file("host_vars/web.yml", "x: 1\n");
    file("host_vars/a/b.json", "{\"x\": 2}");
    file("x", "x: 3\n");
    const auto inventory = load({"hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(variables(*inventory, "web.yml"), "x=1");
    EXPECT_EQ(variables(*inventory, "web"), "x=1");
    EXPECT_EQ(variables(*inventory, "a/b"), "x=2");
    EXPECT_EQ(variables(*inventory, "/x"), "");
}

TEST_F(InventoryFiles, ChoosesTheReaderAsAnsibleDoes) {
    file("ini.yml", "[web]\nh x=1\n");
    file("empty.yml", "");
    file("yaml", "web:\n  hosts:\n    g:\n");
    file("other.inv", "[web]\ni\n");
    const auto inventory = load({"ini.yml", "empty.yml", "yaml", "other.inv"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(show_group(inventory->model(), "web"), "web(h g i)");
    file("bad.yml", "web:\n  hosts:\n  - x\n");
    EXPECT_EQ(load({"bad.yml"}), nullptr);
    EXPECT_EQ(error_, "inventory.invalid bad.yml:3: hosts of group web must be a map, and is a list")
        << error_;
    file("bad", "[web\nh\n");
    EXPECT_EQ(load({"bad"}), nullptr);
    EXPECT_TRUE(error_.starts_with("inventory.invalid bad:1: ")) << error_;
}

TEST_F(InventoryFiles, RefusesScriptsPluginsAndWhatIsNotThere) {
    ::chmod(file("script", "#!/bin/sh\necho {}\n").c_str(), 0755);
    EXPECT_EQ(load({"script"}), nullptr);
    EXPECT_TRUE(error_.starts_with("usage.unsupported script: it is an inventory script")) << error_;
    ::chmod(file("marked", "[web]\nh\n").c_str(), 0755);  // From a file system without modes.
    EXPECT_NE(load({"marked"}), nullptr);
    file("ec2.yml", "plugin: amazon.aws.aws_ec2\n");
    EXPECT_EQ(load({"ec2.yml"}), nullptr);
    EXPECT_TRUE(error_.starts_with("usage.unsupported ec2.yml:1: this configures")) << error_;
    file("hosts.toml", "[web]\n");
    EXPECT_EQ(load({"hosts.toml"}), nullptr);
    EXPECT_EQ(error_, "usage.unsupported hosts.toml: TOML inventories are not read");
    EXPECT_EQ(load({"gone.yml"}), nullptr);
    EXPECT_EQ(error_, "usage.file gone.yml: No such file or directory");
}

TEST_F(InventoryFiles, HostsWithCommasBetweenAreAList) {
    const auto inventory = load({"a, b:5985,[::1]:5986,"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(show_group(inventory->model(), "ungrouped"), "ungrouped(a b ::1)");
    EXPECT_EQ(variables(*inventory, "b"), "ansible_port=5985");
    EXPECT_EQ(magic(*inventory, "a", "inventory_file"), "null");
}

TEST_F(InventoryFiles, KnowsTheMagicOnes) {
    file("inv/hosts.yml",
         "web: {hosts: {web01.corp.example: , 10.0.0.1: , 'fe80::1': }}\nzoo: {children: web}\n");
    const auto inventory = load({"inv/../inv/hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(magic(*inventory, "web01.corp.example", "inventory_hostname"), "'web01.corp.example'");
    EXPECT_EQ(magic(*inventory, "web01.corp.example", "inventory_hostname_short"), "'web01'");
    EXPECT_EQ(magic(*inventory, "10.0.0.1", "inventory_hostname_short"), "'10.0.0.1'");
    EXPECT_EQ(magic(*inventory, "fe80::1", "inventory_hostname_short"), "'fe80::1'");
    EXPECT_EQ(magic(*inventory, "fe80::1", "group_names"), "['web', 'zoo']");
    EXPECT_EQ(magic(*inventory, "fe80::1", "inventory_file"), "'" + path("inv/hosts.yml") + "'");
    EXPECT_EQ(magic(*inventory, "fe80::1", "inventory_dir"), "'" + path("inv") + "'");
    const std::string hosts = "['web01.corp.example', '10.0.0.1', 'fe80::1']";
    EXPECT_EQ(magic(*inventory, "fe80::1", "groups"),
              "{all: " + hosts + ", ungrouped: [], web: " + hosts + ", zoo: " + hosts + "}");
    EXPECT_EQ(magic(*inventory, "fe80::1", "hostvars"), "none");
}

TEST_F(InventoryFiles, OpensVaultedFilesWhenTheyAreRead) {
    passwords_.emplace_back("default", "correct horse");
    file("hosts.yml", "web: {hosts: {h: , g: }}\n");
    file("group_vars/web.yml", sample("variables.vault"));
    const auto inventory = load({"hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(variables(*inventory, "h"), "ansible_user='admin' ansible_password='p4ss: word'");
    EXPECT_TRUE(inventory->find(0, "ansible_password")->secret);
    EXPECT_EQ(inventory->vault().derivations(), 1U);
    passwords_[0].second = "wrong";
    EXPECT_EQ(load({"hosts.yml"}), nullptr);
    EXPECT_EQ(error_,
              "inventory.vault group_vars/web.yml: it is labelled default, and no password given fits "
              "(default from "
              "default.txt), or its text was changed");
    passwords_.clear();
    EXPECT_EQ(load({"hosts.yml"}), nullptr);
    EXPECT_EQ(error_,
              "inventory.vault group_vars/web.yml: it is labelled default, and no vault password is given");
}

TEST_F(InventoryFiles, LeavesVaultedValuesClosed) {
    file("hosts.yml",
         "web:\n  hosts: h\n  vars:\n    p: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      3132\n");
    const auto inventory = load({"hosts.yml"});
    ASSERT_NE(inventory, nullptr) << error_;
    EXPECT_EQ(found(*inventory, "h", "p"), "vault($ANSIBLE_VAULT;1.1;AES256\n3132\n)");
}

TEST_F(InventoryFiles, SaysWhichFileOfVariablesIsWrong) {
    file("hosts.yml", "web: {hosts: h}\n");
    file("host_vars/h.yml", "a: 1\nb: [\n");
    EXPECT_EQ(load({"hosts.yml"}), nullptr);
    EXPECT_TRUE(error_.starts_with("inventory.invalid host_vars/h.yml:3: ")) << error_;
    file("host_vars/h.yml", "- a\n");
    EXPECT_EQ(load({"hosts.yml"}), nullptr);
    EXPECT_EQ(error_,
              "inventory.invalid host_vars/h.yml:1: variables are wanted (NAME: VALUE), and here is "
              "something else");
}

TEST_F(InventoryFiles, DirectoriesThatLeadBackToThemselvesEnd) {
    file("inv/hosts", "h\n");
    fs::create_directory_symlink(path("inv"), path("inv/again"));
    EXPECT_EQ(load({"inv"}), nullptr);
    EXPECT_NE(error_.find("go too deep"), std::string::npos) << error_;
}

TEST_F(InventoryFiles, ReadsConnectorsAsTheyAreGiven) {
    file("hosts.yml", "rack: {hosts: {b: {v: file}}, vars: {w: group}}\n");
    file("host_vars/a.yml", "v: host_vars\n");
    Sources sources;
    sources.paths = {"connector:rack", path("hosts.yml")};
    sources.texts = {
        {"connector:rack", R"({"all": {"children": {"rack": {"hosts": {"a": {"v": 1}, "b": {"v": 2}}}}}})"}};
    const auto both = Inventory::load(std::move(sources));
    ASSERT_TRUE(both.ok()) << both.error().message();
    EXPECT_EQ(variables(**both, "a"), "w='group' v='host_vars'");
    EXPECT_EQ(variables(**both, "b"), "w='group' v='file'");
    EXPECT_EQ(magic(**both, "a", "inventory_file"), "null");
}

TEST_F(InventoryFiles, NamesTheConnectorWhoseHostsCannotBeRead) {
    const auto refusal = [](std::map<std::string, std::string> texts) {
        Sources sources;
        sources.paths = {"connector:rack"};
        sources.texts = std::move(texts);
        auto loaded = Inventory::load(std::move(sources));
        return loaded.ok() ? Error(ErrorId::internal_failure, "none") : std::move(loaded).error();
    };
    EXPECT_EQ(refusal({}).id, ErrorId::usage_unsupported);
    const auto wrong = refusal({{"connector:rack", "{\"all\": ["}});
    EXPECT_TRUE(wrong.detail.starts_with("connector:rack:2: ")) << wrong.detail;
}

TEST(NamesConnector, IsNoListOfHosts) {
    EXPECT_TRUE(names_connector("connector:rack"));
    EXPECT_TRUE(names_connector("connector:"));
    EXPECT_TRUE(names_connector("connector:rack,web01"));
    EXPECT_FALSE(names_connector("connector:5985,web01"));
    EXPECT_FALSE(names_connector("connector:,web01"));
    EXPECT_FALSE(names_connector("connector,web01"));
    EXPECT_FALSE(names_connector("./connector:rack"));
    EXPECT_FALSE(names_connector("connectors"));
}

}  // namespace
}  // namespace mullion::inventory
