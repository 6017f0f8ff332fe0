// Stores of certificates: what is put where, what is found, and what stays because somebody names it.
#include "state/certificate_stores.h"
#include "state/present_certificates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/clock.h"
#include "crypto/tests/certificates.h"
#include "os/tests/temporary_folder.h"
#include "state/certificate_admin.h"
#include "state/certificate_import.h"
#include "state/certificate_uses.h"
#include "state/state_directory.h"
#include "state/trusted_clients.h"

namespace mullion::state {
namespace {

namespace fs = std::filesystem;
using crypto::testing::make;
using crypto::testing::Pair;

std::string der_of(const Pair& pair) {
    return crypto::certificate_der(pair.pem()).value();
}
std::string thumbprint_of(const Pair& pair) {
    return crypto::describe_certificate(der_of(pair))->thumbprint;
}

class Stores : public ::testing::Test {
protected:
    Stores() : state(folder / "state") {
        auto made = StateDirectory::open(state);
        EXPECT_TRUE(made.ok());
        directory.emplace(std::move(*made));
    }
    std::string write(const std::string& text, const std::string& name = "file.pem") {
        std::ofstream(folder / name, std::ios::binary) << text;
        return folder / name;
    }
    // "My:THUMB", "CA:THUMB", "-:THUMB" for what was left out.
    std::vector<std::string> import(const std::string& text, Store store) {
        const auto placed = import_certificates(state, write(text), store, nullptr);
        EXPECT_TRUE(placed.ok()) << (placed.ok() ? "" : placed.error().message());
        std::vector<std::string> out;
        if (placed.ok())
            for (const auto& one : *placed)
                out.push_back((one.store ? std::string(to_string(*one.store)) : "-") + ":" +
                              one.info.thumbprint);
        return out;
    }
    std::vector<Store> stores_of(const Pair& pair) {
        const auto all = stored_certificates(*directory);
        EXPECT_TRUE(all.ok());
        for (const auto& one : *all)
            if (one.info.thumbprint == thumbprint_of(pair)) return one.stores;
        return {};
    }
    void configure(const std::string& yaml) { std::ofstream(state + "/winrm.yaml") << yaml; }
    std::string refusal(const Result<void>& result) { return result.ok() ? "" : result.error().detail; }

    os::TemporaryFolder folder;
    std::string state;
    std::optional<StateDirectory> directory;
    Pair root = make({.common_name = "Root", .authority = true});
    Pair middle = make({.common_name = "Middle", .authority = true}, &root);
    Pair web = make({.common_name = "web01", .use = "serverAuth"}, &middle);
    Pair own = make({.common_name = "ann", .use = "clientAuth"});
};

using Names = std::vector<std::string>;

TEST_F(Stores, AreKnownByTheNamesOfWindows) {
    EXPECT_EQ(store_named("my"), Store::my);
    EXPECT_EQ(store_named("cert:\\LocalMachine\\Root"), Store::root);
    EXPECT_EQ(store_named("localmachine\\ca"), Store::ca);
    EXPECT_EQ(store_named("TRUSTEDPEOPLE"), Store::trusted_people);
    EXPECT_FALSE(store_named("Trust").has_value());
    EXPECT_FALSE(store_named("").has_value());
}

TEST_F(Stores, ThumbprintsAreReadAsWindowsPrintsThem) {
    const std::string plain = "E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE";
    EXPECT_EQ(as_thumbprint(plain), plain);
    EXPECT_EQ(as_thumbprint("\xE2\x80\x8E"
                            "e6 cd aa 82 ee af 2e ce 85 46 e0 5d b7 f3 e0 1a a4 7d 76 ce"),
              plain);
    EXPECT_FALSE(as_thumbprint(plain.substr(1)).has_value());
    EXPECT_FALSE(as_thumbprint(plain + "00").has_value());
    EXPECT_FALSE(as_thumbprint("").has_value());
}

TEST_F(Stores, MyTakesTheKeyAndWhatCameAlongGoesWhereItBelongs) {
    EXPECT_EQ(import(web.key_pem() + web.pem() + root.pem() + middle.pem(), Store::my),
              (Names{"My:" + thumbprint_of(web), "CA:" + thumbprint_of(middle), "-:" + thumbprint_of(root)}));
    EXPECT_EQ(stores_of(web), std::vector{Store::my});
    EXPECT_EQ(stores_of(middle), std::vector{Store::ca});
    EXPECT_TRUE(stores_of(root).empty()) << "nobody has said that it is to be trusted";
    const auto mine = present_certificates(directory->certificates());
    ASSERT_EQ(mine.size(), 1U);
    EXPECT_EQ(mine.front().common_name, "web01");
    EXPECT_EQ(fs::status(state + "/certs/" + thumbprint_of(web) + ".pem").permissions(), fs::perms(0600));
    EXPECT_TRUE(fs::exists(state + "/certs/" + thumbprint_of(web) + ".crt"));
    EXPECT_EQ(mine.front().thumbprint, thumbprint_of(web));
}

TEST_F(Stores, MyWantsTheKey) {
    EXPECT_FALSE(import_certificates(state, write(web.pem()), Store::my, nullptr).ok());
    const auto other = import_certificates(state, write(web.pem() + root.key_pem()), Store::my, nullptr);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().id, ErrorId::tls_client_key);
    EXPECT_TRUE(stored_certificates(*directory)->empty());
}

TEST_F(Stores, OneAloneGoesWhereItIsTold) {
    EXPECT_EQ(import(middle.pem(), Store::root), Names{"Root:" + thumbprint_of(middle)});
    EXPECT_EQ(import(root.pem(), Store::ca), Names{"CA:" + thumbprint_of(root)});
    EXPECT_EQ(import(der_of(own), Store::trusted_people), Names{"TrustedPeople:" + thumbprint_of(own)});
    EXPECT_EQ(import(own.pem(), Store::root), Names{"Root:" + thumbprint_of(own)});
    EXPECT_EQ(stores_of(own), (std::vector{Store::root, Store::trusted_people}));
}

TEST_F(Stores, OfSeveralTheSignersAreSorted) {
    EXPECT_EQ(import(middle.pem() + root.pem(), Store::root),
              (Names{"CA:" + thumbprint_of(middle), "Root:" + thumbprint_of(root)}));
    EXPECT_EQ(import(middle.pem() + root.pem(), Store::ca),
              (Names{"CA:" + thumbprint_of(middle), "-:" + thumbprint_of(root)}));
}

TEST_F(Stores, TheFolderOfBeforeIsRootAndPeople) {
    std::ofstream(state + "/trust/old.pem") << own.pem() << root.pem();
    EXPECT_EQ(stores_of(own), (std::vector{Store::root, Store::trusted_people}));
    EXPECT_EQ(stores_of(root), (std::vector{Store::root, Store::trusted_people}));
    EXPECT_TRUE(check_issuer(*directory, thumbprint_of(own)).ok());
    const auto trust = trust_in(directory->trust());
    EXPECT_TRUE(trust->verify(der_of(own), std::chrono::system_clock::now()).ok());
}

TEST_F(Stores, AnIssuerIsTrustedAndAbleToSign) {
    EXPECT_NE(refusal(check_issuer(*directory, thumbprint_of(middle))).find("no such certificate"),
              std::string::npos);
    (void)import(middle.pem(), Store::ca);
    EXPECT_NE(
        refusal(check_issuer(*directory, thumbprint_of(middle))).find("leads to no certificate of Root"),
        std::string::npos);
    (void)import(root.pem(), Store::root);
    EXPECT_EQ(refusal(check_issuer(*directory, thumbprint_of(middle))), "");
    EXPECT_EQ(refusal(check_issuer(*directory, thumbprint_of(root))), "");
    (void)import(web.pem(), Store::ca);
    EXPECT_NE(refusal(check_issuer(*directory, thumbprint_of(web))).find("no authority"), std::string::npos);
    (void)import(own.pem(), Store::trusted_people);
    EXPECT_EQ(refusal(check_issuer(*directory, thumbprint_of(own))), "");
    EXPECT_NE(refusal(check_issuer(*directory, "nonsense")).find("no such certificate"), std::string::npos);
    // In My alone it is the machine's own, and nobody's issuer.
    const Pair mine = make({.common_name = "mine"});
    (void)import(mine.pem() + mine.key_pem(), Store::my);
    EXPECT_NE(refusal(check_issuer(*directory, thumbprint_of(mine))), "");
}

TEST_F(Stores, AnAbsentOneIsToldWithThoseThatAreThere) {
    (void)import(web.pem() + web.key_pem(), Store::my);
    const auto present = present_certificates(directory->certificates());
    EXPECT_EQ(certificate_of(present, "web02", std::chrono::system_clock::now()), nullptr);
    EXPECT_EQ(who_is_present(present), "in DIR/certs there is " + thumbprint_of(web) + " (CN=web01)");
}

TEST_F(Stores, WhatIsNamedStays) {
    (void)import(web.pem() + web.key_pem(), Store::my);
    (void)import(root.pem(), Store::root);
    configure("Service:\n  CertificateThumbprint: " + thumbprint_of(web) +
              "\nListener:\n  - Address: \"*\"\n    Transport: HTTPS\n"
              "    CertificateThumbprint: " +
              thumbprint_of(web) + "\nCertMapping:\n  - Issuer: " + thumbprint_of(root) +
              "\n    Subject: ann@localhost\n    URI: \"*\"\n    Enabled: true\n    UserName: ann\n");
    auto kept = delete_certificate(state, thumbprint_of(web), std::nullopt, false);
    ASSERT_FALSE(kept.ok());
    EXPECT_EQ(kept.error().id, ErrorId::config_invalid);
    for (const char* user : {"the listener https://*:5986", "Service/CertificateThumbprint"})
        EXPECT_NE(kept.error().detail.find(user), std::string::npos) << kept.error().detail;
    kept = delete_certificate(state, thumbprint_of(root), Store::root, false);
    ASSERT_FALSE(kept.ok());
    EXPECT_NE(kept.error().detail.find("the mapping of ann@localhost to ann"), std::string::npos);
    EXPECT_EQ(stores_of(root), std::vector{Store::root});
    const auto gone = delete_certificate(state, thumbprint_of(web), std::nullopt, true);
    ASSERT_TRUE(gone.ok());
    EXPECT_EQ(gone->size(), 2U);
    EXPECT_TRUE(fs::is_empty(state + "/certs"));
}

// By whichever of the layers: policy, and the command line of a running service, which only that knows.
TEST_F(Stores, WhatPolicyOrARunningServiceNamesStays) {
    (void)import(web.pem() + web.key_pem(), Store::my);
    (void)import(root.pem(), Store::root);
    fs::create_directory(state + "/policy.d");
    const auto policy = [&](const std::string& text) { std::ofstream(state + "/policy.d/1.yml") << text; };
    const auto refusal_of = [&](const std::vector<CertificateUse>& running) {
        const auto kept = delete_certificate(state, thumbprint_of(web), std::nullopt, false, running);
        return kept.ok() ? std::string() : kept.error().detail;
    };
    policy("Service/CertificateThumbprint: " + thumbprint_of(web) + "\n");
    EXPECT_NE(refusal_of({}).find("Service/CertificateThumbprint names it"), std::string::npos)
        << refusal_of({});
    policy("Listener:\n  - {Address: '*', Transport: HTTPS, CertificateThumbprint: " + thumbprint_of(web) +
           "}\n");
    EXPECT_NE(refusal_of({}).find("the listener https://*:5986 names it"), std::string::npos);
    policy("");
    EXPECT_NE(
        refusal_of({{"the listener https://127.0.0.1:5986", true}}).find("https://127.0.0.1:5986 names it"),
        std::string::npos);
    EXPECT_EQ(refusal_of({{"the mapping of a to b", false}}), "") << "that names one of trust";
    EXPECT_TRUE(stores_of(web).empty());
}

TEST_F(Stores, IsTakenOutOfOneStoreOrOfAll) {
    (void)import(own.pem(), Store::root);
    (void)import(own.pem(), Store::trusted_people);
    EXPECT_TRUE(delete_certificate(state, thumbprint_of(own), Store::root, false).ok());
    EXPECT_EQ(stores_of(own), std::vector{Store::trusted_people});
    EXPECT_FALSE(delete_certificate(state, thumbprint_of(own), Store::root, false).ok());
    EXPECT_FALSE(delete_certificate(state, thumbprint_of(own), Store::my, false).ok());
    EXPECT_TRUE(delete_certificate(state, thumbprint_of(own), std::nullopt, false).ok());
    EXPECT_TRUE(stores_of(own).empty());
}

TEST_F(Stores, AFileOfSeveralIsNotTakenAway) {
    std::ofstream(state + "/trust/bundle.pem") << own.pem() << root.pem();
    const auto kept = delete_certificate(state, thumbprint_of(own), std::nullopt, false);
    ASSERT_FALSE(kept.ok());
    EXPECT_NE(kept.error().detail.find("holds 2 certificates"), std::string::npos);
    EXPECT_FALSE(stores_of(root).empty());
}

TEST_F(Stores, AServersCertificateIsMadeWithItsNames) {
    const auto made = create_server_certificate(state, {"web01.example.com", "10.0.0.1"}, crypto::KeyKind::ec,
                                                std::chrono::hours(48));
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->common_name, "web01.example.com");
    EXPECT_EQ(made->names, (Names{"web01.example.com", "10.0.0.1"}));
    const auto present = present_certificates(directory->certificates());
    const auto* found = certificate_of(present, "web01.example.com", std::chrono::system_clock::now());
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->thumbprint, made->thumbprint);
    EXPECT_FALSE(
        create_server_certificate(state, {"a name,DNS:evil"}, crypto::KeyKind::ec, std::chrono::hours(48))
            .ok());
}

// A running service believes, and stops believing, from the next certificate on.
TEST_F(Stores, ARunningServiceSeesEachChange) {
    TrustedClients trusted(directory->trust(), system_clock());
    ASSERT_TRUE(trusted.read().ok());
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(trusted.verify(der_of(own)).ok()) << i;
        (void)import(own.pem(), i % 2 == 0 ? Store::trusted_people : Store::root);
        EXPECT_TRUE(trusted.verify(der_of(own)).ok()) << i;
        ASSERT_TRUE(delete_certificate(state, thumbprint_of(own), std::nullopt, false).ok());
    }
    EXPECT_FALSE(trusted.verify(der_of(own)).ok());
}

TEST_F(Stores, WhatCannotBeReadBelievesNobody) {
    (void)import(own.pem(), Store::trusted_people);
    TrustedClients trusted(directory->trust(), system_clock());
    ASSERT_TRUE(trusted.read().ok());
    EXPECT_TRUE(trusted.verify(der_of(own)).ok());
    std::ofstream(state + "/trust/Root/broken.pem") << "-----BEGIN CERTIFICATE-----\nAAAA\n";
    const auto refused = trusted.verify(der_of(own));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::auth_rejected);
    fs::remove(state + "/trust/Root/broken.pem");
    EXPECT_TRUE(trusted.verify(der_of(own)).ok());
}

}  // namespace
}  // namespace mullion::state
