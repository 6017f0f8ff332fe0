#include "winrm/help.h"

#include <fmt/format.h>

#include "winrm/letters.h"
#include "winrm/resource.h"

namespace mullion::winrm {
namespace {

struct Page {
    std::string_view topic;
    std::string_view text;
};

constexpr Page pages[] = {
    {"help",
     R"(Usage: winrm OPERATION RESOURCE_URI [-SWITCH:VALUE]... [@{KEY="VALUE";...}]

  winrm get RESOURCE           g         show a resource
  winrm set RESOURCE @{...}    s put p   change properties of one
  winrm create RESOURCE @{...} c         make one
  winrm delete RESOURCE        d         remove one
  winrm enumerate RESOURCE     e enum    show all of a kind
  winrm invoke ACTION RESOURCE i         run an action of one
  winrm identify               id        ask who answers
  winrm quickconfig            qc        set this machine up
  winrm configSDDL RESOURCE              who may use a resource
  winrm helpmsg CODE                     the text of an error code

More: winrm help TOPIC, where TOPIC is an operation or one of
  uris aliases config certmapping remoting auth input switches proxy filters

A shell wants quotes around what holds ?, *, +, {, ; or blanks:
  winrm create 'winrm/config/Listener?Address=*+Transport=HTTPS' '@{CertificateThumbprint="..."}'
)"},
    {"get", R"(winrm get RESOURCE_URI [-SWITCH:VALUE]...

Shows one resource.

  winrm get winrm/config -r:web01 -u:admin
  winrm get winrm/config/service/auth -r:https://web01 -u:admin -format:pretty
  winrm get 'wmicimv2/Win32_Service?Name=WinRM' -r:web01
  winrm get 'winrm/config/Listener?Address=*+Transport=HTTP' -r:web01
)"},
    {"set", R"(winrm set RESOURCE_URI @{KEY="VALUE";...} | -file:FILE [-SWITCH:VALUE]...

Reads the resource, changes the properties that are named, and puts all of it back. With -file the document in
it is put as it is.

  winrm set winrm/config/service/auth '@{Basic="true"}' -r:web01 -u:admin
  winrm set winrm/config/winrs '@{MaxShellRunTime="2147483647"}' -r:web01
)"},
    {"create", R"(winrm create RESOURCE_URI @{KEY="VALUE";...} | -file:FILE [-SWITCH:VALUE]...

Makes a resource.

  winrm create 'winrm/config/Listener?Address=*+Transport=HTTPS' '@{Hostname="web01";CertificateThumbprint="..."}'
)"},
    {"delete", R"(winrm delete RESOURCE_URI [-SWITCH:VALUE]...

Removes a resource.

  winrm delete 'winrm/config/Listener?Address=*+Transport=HTTP' -r:web01
)"},
    {"enumerate", R"(winrm enumerate RESOURCE_URI [-SWITCH:VALUE]...

Shows all instances of a resource. -filter and -dialect choose (winrm help filters); -returnType:object, epr or
objectandepr says what of them is shown; -shallow and -basePropertiesOnly what of classes that are derived.

  winrm enumerate winrm/config/listener -r:web01
  winrm enumerate wmicimv2/Win32_Service -r:web01
  winrm enumerate 'wmicimv2/*' -filter:'select * from Win32_Service where State="Running"' -r:web01
  winrm enumerate shell -r:web01
)"},
    {"invoke", R"(winrm invoke ACTION RESOURCE_URI [@{KEY="VALUE";...}] [-SWITCH:VALUE]...

Runs an action of a resource: its name, or a URI.

  winrm invoke StartService 'wmicimv2/Win32_Service?Name=Spooler' -r:web01
  winrm invoke Create wmicimv2/Win32_Process '@{CommandLine="notepad.exe"}' -r:web01
  winrm invoke Restore winrm/config '@{}'
)"},
    {"identify", R"(winrm identify [-r:HOST] [-SWITCH:VALUE]...

Asks which WS-Management service answers.

  winrm identify -r:web01 -u:admin
  winrm identify -r:web01 -auth:none      without logging on
)"},
    {"quickconfig", R"(winrm quickconfig [-quiet] [-transport:http|https] [-force]

Sets this machine up: starts the service, makes a listener, opens the port. -quiet does not ask.
)"},
    {"configsddl", R"(winrm configSDDL default | RESOURCE_URI [-SWITCH:VALUE]...

Who may use the service (default) or a resource: edited in $EDITOR on a terminal, shown without one. These change it
without an editor: --grant=NAME:RIGHTS, --revoke=NAME[:RIGHTS] (full, read, write, execute; repeatable), --sddl=TEXT.

  winrm configSDDL default -r:web01 --grant='Remote Management Users:read,execute'
  winrm configSDDL shell --grant=centreon:execute

Names of accounts are known at the machine itself, without -r; over the network Windows' groups and SIDs are.
)"},
    {"helpmsg", R"(winrm helpmsg CODE

The text of an error code, in decimal or hex: WS-Management's, Windows', WinHTTP's.

  winrm helpmsg 0x80338012
  winrm helpmsg -2144108526
)"},
    {"uris", R"(A resource is named by a URI and, where there are several, by selectors:

  RESOURCE_URI[?NAME=VALUE[+NAME=VALUE]...]

  winrm/config/Listener?Address=*+Transport=HTTPS
  wmicimv2/Win32_Service?Name=WinRM
  http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service?Name=WinRM

A value that holds '+' stands in double quotes. What a URI begins with may be an alias: winrm help aliases.
)"},
    {"config", R"(The configuration of WinRM is a tree of resources:

  winrm/config                    all of it
  winrm/config/client             client/auth, client/defaultports
  winrm/config/service            service/auth, service/defaultports
  winrm/config/winrs              command shells
  winrm/config/listener           ?Address=...+Transport=...
  winrm/config/service/certmapping  ?URI=...+Subject=...+Issuer=...
  winrm/config/service/security   ?Uri=...: who may use one resource (winrm configSDDL)
  winrm/config/plugin             ?Name=...: what the service consists of
  winrm/config/resource           what you may use (enumerate)

  winrm set winrm/config/service '@{AllowUnencrypted="true"}'
  winrm enumerate winrm/config/listener
  winrm invoke Restore winrm/config @{}          settings as at the beginning
  winrm invoke Restore winrm/config/plugin @{}   no resource has a descriptor of its own
)"},
    {"certmapping", R"(A certificate mapping says which account a client's certificate stands for:

  winrm create 'winrm/config/service/certmapping?Issuer=THUMBPRINT+Subject=*@example.com+URI=*' '@{UserName="u";Password="p"}' -r:HOST

Issuer is the thumbprint of the certificate that signed it, Subject a name with '*' at one end, URI what may be
used.
)"},
    {"remoting", R"(winrm OPERATION -remote:[http|https://]HOST[:PORT][/PREFIX] [-SWITCH:VALUE]...

  -remote, -r    the host. Without a port: 80 or 443 where http:// or https:// is written, else 5985, with
                 -usessl 5986. PREFIX is wsman where none is written.
  -usessl, -ssl  over https
  -unencrypted, -un       leaves messages readable on the way, over http
  -encoding:utf-8|utf-16  of messages
  -skipCAcheck, -skipCNcheck, -skipRevocationcheck   what is not asked of the host's certificate
  -timeout:MS    how long the host may take

  winrm get winrm/config -r:https://web01:5986 -u:admin
)"},
    {"auth", R"(-authentication, -auth, -a: how to log on.

  negotiate    Kerberos where there is a ticket, else NTLM. The default for a user without a realm
  kerberos     the default for NAME@REALM, and where no user is named and kinit was run
  basic        -username; over https, or with -unencrypted
  credssp      -username; hands the password over to the host
  certificate  -certificate:THUMBPRINT or -certificate:FILE (PEM or PKCS#12); over https
  none         identify alone: asked without logging on, and the answer keeps the version back
  digest is refused: nothing here speaks it. Use negotiate, or basic over https

  -username, -u  NAME, DOMAIN\NAME or NAME@REALM
  -password, -p  is asked for where it is not given. Given as a word it was on the process list: it is wiped from
                 there, with a warning. Without a terminal: --password-file=FILE
  -defaultCreds  log on with the ticket that is there (-a:negotiate, over https)
  -spnport       put the port into the name of the host's service
)"},
    {"input", R"(What set, create and invoke send:

  @{KEY="VALUE"[;KEY="VALUE"]...}   $null in place of "VALUE" is no value at all
  -file:FILE                        a document of XML in place of it

In a shell all of it stands in single quotes: '@{Hostname="web01";CertificateThumbprint="..."}'
)"},
    {"proxy", R"(-proxyaccess, -pac: how the proxy is found.

  ie_settings, winhttp_settings   the one that https_proxy, http_proxy and no_proxy name
  no_proxy                        none (the default)
  auto_detect                     is refused: nothing here looks for one

-proxyauthentication, -proxyusername and -proxypassword are refused: nothing here logs on to a proxy.
)"},
    {"filters", R"(-filter:TEXT with -dialect: which instances are shown.

  -dialect:wql          a query: select * from Win32_Service where Name like "win%". The default with -filter
  -dialect:selector     {NAME="VALUE";...}
  -dialect:association  {Object=Win32_Service?Name=WinRM[;ResultClassName=...][;Role=...][;ResultRole=...]
                         [;AssociationClassName=...][;ResultPropertyName=...]}
                        what belongs to that object; with -associations what joins them
  -dialect:xpath or a URI  whatever the service takes

  winrm enumerate 'wmicimv2/*' -dialect:wql -filter:'select Name from Win32_Service' -r:web01
  winrm enumerate 'wmicimv2/*' -dialect:association -filter:'{Object=Win32_Service?Name=WinRM}' -r:web01
)"},
};

constexpr std::string_view switches_page = R"(Switches begin with '-' or '/', and may be written in any case.

  -remote -r -machine       -username -u        -password -p       -authentication -auth -a
  -certificate -c           -usessl -ssl        -unencrypted -un   -encoding
  -skipCAcheck              -skipCNcheck        -skipRevocationcheck
  -defaultCreds             -spnport            -timeout:MS
  -proxyaccess -pac         -proxyauth -pa      -proxyusername -pu -proxypassword -pp
  -format -f:text|xml|pretty
  -file  -options:{NAME="VALUE";...}  -fragment  -dialect  -filter
  -returnType  -shallow  -basePropertiesOnly  -associations     (enumerate)
  -quiet -q  -transport  -force                                 (quickconfig)

-fragment:PATH asks for a part of a resource, where the service has such. winrm/config of `mullion serve` has none and
answers 0x80338077: its smallest parts are winrm/config/service/auth and the like.

%NAME% in a value is the environment's variable of that name, where there is one. A word that begins with -- or //
means nothing here, but for Mullion's own: --state=DIR, --password-file=FILE, and every connection option of
`mullion run --help`, such as --ca-file=FILE. They stand anywhere.
)";

std::string aliases_page() {
    std::string page = "An alias may stand at the beginning of a resource URI:\n\n";
    for (const auto& alias : aliases()) page += fmt::format("  {:<9} {}\n", alias.name, alias.uri);
    return page;
}

}  // namespace

std::optional<std::string> help_text(std::string_view topic) {
    if (same_letters(topic, "aliases") || same_letters(topic, "alias")) return aliases_page();
    if (same_letters(topic, "switches")) return std::string(switches_page);
    for (const auto& page : pages) {
        if (same_letters(page.topic, topic)) return std::string(page.text);
    }
    return std::nullopt;
}

const std::vector<std::string_view>& help_topics() {
    static const std::vector<std::string_view> all = {"uris",     "aliases", "config", "certmapping",
                                                      "remoting", "auth",    "input",  "switches",
                                                      "proxy",    "filters"};
    return all;
}

std::string_view winrs_help_text() {
    return R"(Usage: winrs [-switch[:value]]... COMMAND

Runs a command in the command shell of a Windows host, or of a host that runs `mullion serve`.

  -r[emote]:ENDPOINT        host, address or URL; localhost where none is given
  -un[encrypted]            messages stay readable on the way (over http)
  -u[sername]:NAME          NAME, DOMAIN\NAME or NAME@REALM
  -p[assword]:PASSWORD      asked for where it is not given. Given as a word it was on the process list: it is
                            wiped from there, with a warning. Without a terminal: --password-file=FILE
  -t[imeout]:SECONDS        is read and means nothing, as on Windows
  -d[irectory]:PATH         where the command starts
  -env[ironment]:NAME=VALUE a variable for it; may be repeated
  -noe[cho]                 what is typed is not shown
  -nop[rofile]              the user's profile is not loaded
  -a[llow]d[elegate]        the host may use your ticket on further hosts; NTLM and Basic have none to hand over
  -comp[ression]            is read; messages are small here, and none is compressed
  -[use]ssl                 over https
  -?                        this help

Mullion's own, before the command: --password-file=FILE, and every connection option of `mullion run --help`,
such as --ca-file=FILE. The command begins at the first word that is no switch, such as /bin/echo, or behind --.

Ctrl-C is sent to the command; a second one ends winrs. The exit status is the low 8 bits of the command's, 255
where those are 0 and the command's are not.

Example: winrs -r:https://web01:5986 -u:admin ipconfig /all
)";
}

}  // namespace mullion::winrm
