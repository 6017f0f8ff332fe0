#!/usr/bin/perl
# Starts Centreon's plugin as often as it is asked: one line of JSON on standard input for each start, {"play", "argv", "stdout", "stderr"}, and one
# line with its exit status back. Perl needs longer to read the plugin than to run it, so it is read once and each start is a fork.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin, '/usr/lib/centreon-plugins';
use openwsman;
use centreon::plugins::script;
use centreon::plugins::options;
use centreon::plugins::templates::counter;
use centreon::plugins::templates::catalog_functions;
use centreon::plugins::statefile;
use centreon::plugins::wsman;
use DateTime;
use JSON;
use JSON::XS ();
use Safe;
use XML::LibXML;
use XML::Simple;

# Not before the clock is set: what centreon/plugins/*.pm keeps from one start to the next is nothing.
sub play {
    my ($ask) = @_;
    open(STDIN, '<', '/dev/null') or die $!;
    open(STDOUT, '>', $ask->{stdout}) or die $!;
    open(STDERR, '>', $ask->{stderr}) or die $!;
    openwsman::load($ask->{play});
    @ARGV = map { utf8::encode(my $word = $_); $word } @{$ask->{argv}};
    centreon::plugins::script->new()->run();
    exit 0;
}

$| = 1;
while (my $line = <STDIN>) {
    my $ask = JSON::XS->new->utf8->decode($line);
    my $child = fork() // die "fork: $!\n";
    play($ask) if $child == 0;
    waitpid($child, 0);
    print(($? & 127 ? 128 + ($? & 127) : $? >> 8), "\n");
}
