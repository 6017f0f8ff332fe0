#include "secrets/apply/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "secrets/entities/references.h"

namespace mullion::secrets {
namespace {

const char* const text_secret =
    "secret: {type: SecretText, name: NAME, spec: {secretManagerIdentifier: MANAGER}}\n";
const char* const ntlm =
    "secret: {type: WinRmCredentials, name: NAME, spec: {auth: {type: NTLM, spec: {username: svc, password: "
    "REF}}}}\n";
const char* const kms =
    "connector: {type: AwsKms, name: NAME, spec: {credential: {type: ManualConfig, spec: {accessKey: REF, "
    "secretKey: REF}}, kmsArnInPlainText: alias/x, region: eu-central-1}}\n";

std::string filled(std::string text, const std::string& name, const std::string& other) {
    for (const auto& [from, to] :
         {std::pair<std::string, std::string>{"NAME", name}, {"MANAGER", other}, {"REF", other}})
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    return text;
}
std::vector<WrittenEntity> read(const std::string& text) {
    auto all = read_entities(text, "f");
    EXPECT_TRUE(all.ok()) << (all.ok() ? "" : all.error().detail);
    return all.ok() ? std::move(*all) : std::vector<WrittenEntity>();
}

// Of the text secrets that were planned last.
std::map<std::string, std::string> managers;

// "create pw, update win (spec.port)"; the error where there is one.
std::string planned(const std::string& wanted, const std::string& kept = "") {
    const auto there = kept.empty() ? std::vector<WrittenEntity>() : read(kept);
    const auto changes = plan(
        read(wanted), "f",
        [&](const Identity& identity) -> Result<std::optional<Entity>> {
            for (const auto& one : there)
                if (one.entity.identity == identity) return std::optional(one.entity);
            return std::optional<Entity>();
        },
        [&](const Scope& scope) -> Result<std::optional<Identity>> {
            for (const auto& one : there)
                if (one.entity.identity.scope == scope && is_default_manager(one.entity))
                    return std::optional(one.entity.identity);
            return std::optional<Identity>();
        });
    managers.clear();
    if (!changes.ok()) return std::string(changes.error().info().id) + " " + changes.error().detail;
    std::string all;
    for (const auto& change : *changes) {
        const char* const words[] = {"create", "update", "unchanged"};
        all += (all.empty() ? "" : ", ") + std::string(words[static_cast<int>(change.kind)]) + " " +
               change.entity.identity.id + (change.needs_value() ? "!" : "");
        for (const auto& field : change.fields) all += " " + field;
        if (const auto* const text = std::get_if<TextSecret>(&change.entity.spec))
            managers[change.entity.identity.id] = reference_text(text->manager);
    }
    return all;
}

const std::string builtin = builtin_manager_id;

TEST(Plan, SaysWhatIsNewOtherAndTheSame) {
    const auto pw = filled(text_secret, "pw", builtin);
    const auto win = filled(ntlm, "win", "pw");
    EXPECT_EQ(planned(pw + "---\n" + win), "create pw!, create win");
    EXPECT_EQ(planned(pw + "---\n" + win, pw), "unchanged pw, create win");
    auto other = win;
    other.replace(other.find("svc"), 3, "adm");
    EXPECT_EQ(planned(other, pw + "---\n" + win), "update win spec.auth.spec.username");
}

TEST(Plan, PutsWhatIsReferredToFirst) {
    const auto text = filled(ntlm, "win", "pw") + "---\n" + filled(text_secret, "pw", "kms") + "---\n" +
                      filled(kms, "kms", "ak") + "---\n" + filled(text_secret, "ak", builtin);
    EXPECT_EQ(planned(text), "create ak!, create kms, create pw!, create win");
}

TEST(Plan, RefusesReferencesToNothingAndToOthers) {
    EXPECT_EQ(
        planned(filled(text_secret, "a", builtin) + "---\n" + filled(ntlm, "win", "pw")),
        "secrets.missing f:3: spec.auth.spec.password of secret win of account refers to pw: there is no "
        "secret pw of account");
    EXPECT_EQ(planned(filled(ntlm, "win", "org.pw")),
              "secrets.invalid f:1: org.pw: the account's scope has no organisation");
    EXPECT_TRUE(
        planned(filled(ntlm, "b", "a"), filled(text_secret, "x", builtin) + "---\n" + filled(ntlm, "a", "x"))
            .starts_with("secrets.kind f:1: spec.auth.spec.password of secret b of account: a is of kind"));
    // A secret is no manager, also of the same name.
    EXPECT_TRUE(planned(filled(text_secret, "a", "a")).starts_with("secrets.missing f:1: "));
}

TEST(Plan, RefusesToMakeOneKindOfAnother) {
    EXPECT_EQ(planned(filled(text_secret, "a", builtin),
                      filled(text_secret, "x", builtin) + "---\n" + filled(ntlm, "a", "x")),
              "secrets.kind f:1: secret a of account is of kind WinRmCredentials already; what it is never "
              "changes");
}

TEST(Plan, RefusesManagersThatDependOnThemselves) {
    const auto ak = filled(text_secret, "ak", "kms");
    const auto manager = filled(kms, "kms", "ak");
    EXPECT_EQ(
        planned(ak + "---\n" + manager),
        "secrets.cycle f:1: connector kms of account depends on secret ak of account, which depends on it");
    // Through what is kept already.
    const auto kept = filled(text_secret, "ak", builtin) + "---\n" + manager;
    EXPECT_TRUE(planned(ak, kept).starts_with("secrets.cycle f:1: "));
    const auto two = filled(kms, "kms2", "ak2") + "---\n" + filled(text_secret, "ak2", "kms");
    EXPECT_EQ(planned(two, kept), "create ak2!, create kms2");
    EXPECT_TRUE(
        planned(filled(text_secret, "ak", "kms2"), kept + "---\n" + two).starts_with("secrets.cycle f:1: "));
}

std::string default_kms(const std::string& name, const std::string& scope = "") {
    auto text = filled(kms, name, "account.ak");
    text.replace(text.find("region"), 0, "default: true, ");
    text.replace(text.find("name:"), 0, scope);
    return text;
}
std::string nameless(const std::string& name, const std::string& scope = "") {
    return "secret: {type: SecretText, " + scope + "name: " + name + "}\n";
}
const std::string in_org = "orgIdentifier: o, ", in_project = "orgIdentifier: o, projectIdentifier: p, ";

TEST(Plan, ASecretThatNamesNoManagerGetsTheDefaultOfTheNearestScope) {
    const auto ak = filled(text_secret, "ak", builtin);
    planned(nameless("a"));
    EXPECT_EQ(managers["a"], builtin);
    const auto account = ak + "---\n" + default_kms("kms");
    planned(nameless("a") + "---\n" + nameless("b", in_org) + "---\n" + nameless("c", in_project), account);
    EXPECT_EQ(managers,
              (std::map<std::string, std::string>{{"a", "kms"}, {"b", "account.kms"}, {"c", "account.kms"}}));
    const auto org = account + "---\n" + default_kms("okms", in_org);
    planned(nameless("a") + "---\n" + nameless("b", in_org) + "---\n" + nameless("c", in_project), org);
    EXPECT_EQ(managers, (std::map<std::string, std::string>{{"a", "kms"}, {"b", "okms"}, {"c", "org.okms"}}));
    // Of the file itself, wherever it stands there; and one that the file makes none any more does not count.
    EXPECT_EQ(planned(nameless("a") + "---\n" + default_kms("kms"), ak), "create kms, create a!");
    EXPECT_EQ(managers["a"], "kms");
    planned(nameless("a") + "---\n" + filled(kms, "kms", "account.ak"), account);
    EXPECT_EQ(managers["a"], builtin);
    // What is there keeps the manager it has.
    EXPECT_EQ(planned(nameless("ak"), account), "unchanged ak");
    // Its own credentials cannot go there: they name the built-in one.
    EXPECT_TRUE(planned(nameless("ak") + "---\n" + default_kms("kms")).starts_with("secrets.cycle f:1: "));
}

TEST(Plan, AScopeHasOneDefaultManager) {
    const auto ak = filled(text_secret, "ak", builtin) + "---\n";
    EXPECT_EQ(
        planned(ak + default_kms("kms") + "---\n" + default_kms("kms2")),
        "secrets.invalid f:5: connector kms of account is the default secret manager there already, and "
        "connector kms2 of account would be one, too");
    EXPECT_TRUE(planned(default_kms("kms2"), ak + default_kms("kms")).starts_with("secrets.invalid f:1: "));
    EXPECT_EQ(
        planned(default_kms("kms2") + "---\n" + filled(kms, "kms", "account.ak"), ak + default_kms("kms")),
        "create kms2, update kms spec.default");
    EXPECT_EQ(planned(default_kms("okms", in_org), ak + default_kms("kms")), "create okms");
}

TEST(Plan, HandsOnWhatTheStoreSays) {
    const auto changes = plan(read(filled(text_secret, "a", builtin)), "f",
                              [](const Identity&) -> Result<std::optional<Entity>> {
                                  return Error(ErrorId::secrets_tampered, "x");
                              });
    ASSERT_FALSE(changes.ok());
    EXPECT_EQ(changes.error().id, ErrorId::secrets_tampered);
}

}  // namespace
}  // namespace mullion::secrets
