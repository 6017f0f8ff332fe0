// What the documents that administrators read show, from what a service answers.
#include <gtest/gtest.h>

#include "winrm/output.h"

namespace mullion::winrm {
namespace {

constexpr std::string_view http_listener =
    R"(<cfg:Listener xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config/listener" xml:lang="en-US"><cfg:Address>*</cfg:Address><cfg:Transport>HTTP</cfg:Transport><cfg:Port>5985</cfg:Port><cfg:Hostname/><cfg:Enabled>true</cfg:Enabled><cfg:URLPrefix>wsman</cfg:URLPrefix><cfg:CertificateThumbprint/><cfg:ListeningOn>10.0.2.15</cfg:ListeningOn><cfg:ListeningOn>127.0.0.1</cfg:ListeningOn><cfg:ListeningOn>::1</cfg:ListeningOn><cfg:ListeningOn>fe80::5efe:10.0.2.15%6</cfg:ListeningOn></cfg:Listener>)";

constexpr std::string_view https_listener =
    R"(<cfg:Listener xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config/listener" xml:lang="en-US"><cfg:Address>*</cfg:Address><cfg:Transport>HTTPS</cfg:Transport><cfg:Port>5986</cfg:Port><cfg:Hostname>SERVER2016</cfg:Hostname><cfg:Enabled>true</cfg:Enabled><cfg:URLPrefix>wsman</cfg:URLPrefix><cfg:CertificateThumbprint>E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE</cfg:CertificateThumbprint><cfg:ListeningOn>10.0.2.15</cfg:ListeningOn><cfg:ListeningOn>127.0.0.1</cfg:ListeningOn></cfg:Listener>)";

TEST(Documents, ShowListeners) {
    std::string shown;
    for (const auto item : {http_listener, https_listener}) shown += printed(item, Format::text).value();
    EXPECT_EQ(shown, R"(Listener
    Address = *
    Transport = HTTP
    Port = 5985
    Hostname
    Enabled = true
    URLPrefix = wsman
    CertificateThumbprint
    ListeningOn = 10.0.2.15, 127.0.0.1, ::1, fe80::5efe:10.0.2.15%6

Listener
    Address = *
    Transport = HTTPS
    Port = 5986
    Hostname = SERVER2016
    Enabled = true
    URLPrefix = wsman
    CertificateThumbprint = E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE
    ListeningOn = 10.0.2.15, 127.0.0.1

)");
}

constexpr std::string_view service =
    R"(<cfg:Service xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config/service" xml:lang="en-US">
 <cfg:RootSDDL>O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)</cfg:RootSDDL>
 <cfg:MaxConcurrentOperations>4294967295</cfg:MaxConcurrentOperations>
 <cfg:MaxConcurrentOperationsPerUser>1500</cfg:MaxConcurrentOperationsPerUser>
 <cfg:EnumerationTimeoutms>240000</cfg:EnumerationTimeoutms>
 <cfg:MaxConnections>300</cfg:MaxConnections>
 <cfg:MaxPacketRetrievalTimeSeconds>120</cfg:MaxPacketRetrievalTimeSeconds>
 <cfg:AllowUnencrypted>false</cfg:AllowUnencrypted>
 <cfg:Auth><cfg:Basic>true</cfg:Basic><cfg:Kerberos>true</cfg:Kerberos><cfg:Negotiate>true</cfg:Negotiate>
  <cfg:Certificate>true</cfg:Certificate><cfg:CredSSP>true</cfg:CredSSP>
  <cfg:CbtHardeningLevel>Relaxed</cfg:CbtHardeningLevel></cfg:Auth>
 <cfg:DefaultPorts><cfg:HTTP>5985</cfg:HTTP><cfg:HTTPS>5986</cfg:HTTPS></cfg:DefaultPorts>
 <cfg:IPv4Filter>*</cfg:IPv4Filter><cfg:IPv6Filter>*</cfg:IPv6Filter>
 <cfg:EnableCompatibilityHttpListener>false</cfg:EnableCompatibilityHttpListener>
 <cfg:EnableCompatibilityHttpsListener>false</cfg:EnableCompatibilityHttpsListener>
 <cfg:CertificateThumbprint/><cfg:AllowRemoteAccess>true</cfg:AllowRemoteAccess></cfg:Service>)";

TEST(Documents, ShowTheService) {
    EXPECT_EQ(printed(service, Format::text).value(), R"(Service
    RootSDDL = O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)
    MaxConcurrentOperations = 4294967295
    MaxConcurrentOperationsPerUser = 1500
    EnumerationTimeoutms = 240000
    MaxConnections = 300
    MaxPacketRetrievalTimeSeconds = 120
    AllowUnencrypted = false
    Auth
        Basic = true
        Kerberos = true
        Negotiate = true
        Certificate = true
        CredSSP = true
        CbtHardeningLevel = Relaxed
    DefaultPorts
        HTTP = 5985
        HTTPS = 5986
    IPv4Filter = *
    IPv6Filter = *
    EnableCompatibilityHttpListener = false
    EnableCompatibilityHttpsListener = false
    CertificateThumbprint
    AllowRemoteAccess = true

)");
}

constexpr std::string_view winrs =
    R"(<cfg:Winrs xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config/winrs" xml:lang="en-US"><cfg:AllowRemoteShellAccess>true</cfg:AllowRemoteShellAccess><cfg:IdleTimeout>7200000</cfg:IdleTimeout><cfg:MaxConcurrentUsers>2147483647</cfg:MaxConcurrentUsers><cfg:MaxShellRunTime>2147483647</cfg:MaxShellRunTime><cfg:MaxProcessesPerShell>2147483647</cfg:MaxProcessesPerShell><cfg:MaxMemoryPerShellMB>2147483647</cfg:MaxMemoryPerShellMB><cfg:MaxShellsPerUser>2147483647</cfg:MaxShellsPerUser></cfg:Winrs>)";

TEST(Documents, ShowWinrs) {
    EXPECT_EQ(printed(winrs, Format::text).value(), R"(Winrs
    AllowRemoteShellAccess = true
    IdleTimeout = 7200000
    MaxConcurrentUsers = 2147483647
    MaxShellRunTime = 2147483647
    MaxProcessesPerShell = 2147483647
    MaxMemoryPerShellMB = 2147483647
    MaxShellsPerUser = 2147483647

)");
}

TEST(Documents, ShowWhatAPolicySet) {
    constexpr std::string_view client =
        R"(<cfg:Config xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config"><cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb><cfg:Client><cfg:AllowUnencrypted Source="GPO">false</cfg:AllowUnencrypted><cfg:Auth><cfg:Basic>true</cfg:Basic></cfg:Auth><cfg:TrustedHosts/></cfg:Client></cfg:Config>)";
    EXPECT_EQ(printed(client, Format::text).value(), R"(Config
    MaxEnvelopeSizekb = 500
    Client
        AllowUnencrypted = false [Source="GPO"]
        Auth
            Basic = true
        TrustedHosts

)");
    constexpr std::string_view listener =
        R"(<cfg:Listener xmlns:cfg="u" Source="GPO"><cfg:Port>5985</cfg:Port><cfg:Hostname Source="GPO"/></cfg:Listener>)";
    EXPECT_EQ(printed(listener, Format::text).value(), R"(Listener [Source="GPO"]
    Port = 5985
    Hostname [Source="GPO"]

)");
}

TEST(Documents, ShowWhoAnswers) {
    constexpr std::string_view identity =
        R"(<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor><wsmid:ProductVersion>OS: 6.3.9600 SP: 0.0 Stack: 3.0</wsmid:ProductVersion><wsmid:SecurityProfiles><wsmid:SecurityProfileName>a</wsmid:SecurityProfileName><wsmid:SecurityProfileName>b</wsmid:SecurityProfileName></wsmid:SecurityProfiles></wsmid:IdentifyResponse>)";
    EXPECT_EQ(printed(identity, Format::text).value(), R"(IdentifyResponse
    ProtocolVersion = http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd
    ProductVendor = Microsoft Corporation
    ProductVersion = OS: 6.3.9600 SP: 0.0 Stack: 3.0
    SecurityProfiles
        SecurityProfileName = a, b

)");
}

}  // namespace
}  // namespace mullion::winrm
