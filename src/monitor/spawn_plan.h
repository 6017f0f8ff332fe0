// What a command becomes, worked out before the fork: its words, environment, folder and limits.
#pragma once

#include <sys/resource.h>

#include <map>
#include <string>
#include <vector>

#include "monitor/memory_groups.h"
#include "monitor/ticket_folders.h"
#include "os/spawn_messages.h"
#include "os/user.h"

namespace mullion::monitor {

// All that the child needs: between fork and exec only system calls are made. It points into the request.
struct Plan {
    std::vector<std::string> environment;
    std::vector<char*> argv;
    std::vector<char*> envp;
    std::string program;  // The user's own shell; empty: argv[0].
    std::string path;     // Where a program without a slash is looked for.
    std::string directory;
    bool directory_given = false;
    const os::SpawnTicket* ticket = nullptr;  // To be kept for the command; null mostly.
    TicketFile ticket_file;
    std::size_t cache_variable = 0;  // Of envp: says that it is in the keyring.
    std::string cache_in_file;       // What stands there when it is not.
    std::string memory_door;         // Of its shell's control group; empty: none.
    rlim_t address_space = RLIM_INFINITY;
    std::map<std::string, std::string> standing;  // HOME and the like: weaker than what anybody says.
    const os::SpawnRequest* request = nullptr;
};

[[nodiscard]] Plan make_plan(const os::SpawnRequest& request, const os::User& user,
                             const TicketFolder& folder);
// `group` is null for a shell without one.
void plan_memory(const os::SpawnRequest& request, const MemoryGroup* group, Plan& plan);
// Makes the environment anew, with what PAM's modules set ("NAME=VALUE"): stronger than what stands there
// anyway, weaker than what the client said, and than a forwarded ticket's KRB5CCNAME.
void add_environment(const std::vector<std::string>& of_pam, Plan& plan);

}  // namespace mullion::monitor
