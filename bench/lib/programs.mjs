// Programs that read what the audit reads, and what their messages are about: syntax (the text is not of the format),
// meaning (a word or value that the program does not take, files that contradict each other), environment (users,
// files and addresses of the machine it was asked on). Only about syntax must a reader agree with its program.
//
// Each line of a program's output is matched with `message`; the first row of `table` that fits classes it. A line that
// no row fits is an unexplained difference: the table is a claim about the program, and this is how it is checked.

/** stops: ends at the first error, so that what stands behind it was not judged. */
export const PROGRAMS = {
  haproxy: {
    file: 'haproxy.cfg',
    command: 'haproxy -c -f "$1"',
    message: /^\[(?:ALERT|WARNING)\].*?: (?:config|haproxy|.*?) : (.*)$/,
    line: /\[[^\]]*\.cfg:(\d+)\]/,
    table: [
      [/unmatched quote|unfinished (?:quote|escape)|truncated '?\\|invalid (?:character|hex)|brace/i, 'syntax'],
      [/too many words|line too long|truncated line|Missing LF on last line|^Arguments? .*truncated/i, 'syntax'],
      [/unknown keyword '[^']*' out of section|argument number \d+ at position \d+ is empty/i, 'syntax'],
      [/ condition|nested|\.(?:if|elif|else|endif)\b/i, 'syntax'],
      [/negation\/default is not supported|scope|unterminated|quote/i, 'syntax'],
      [/cannot (?:find|load|open|chroot|bind|stat)|could not resolve|unable to (?:stat|load|open)|no such file/i, 'environment'],
      [/./, 'meaning'],
    ],
  },
  keepalived: {
    file: 'keepalived.conf',
    command: 'keepalived -t -f "$1"',
    message: /^(?!.*(?:Starting|Running on|Command line|Configuration file|Opening file|Built with|Startup|Stopp)).*?(\(.*|[A-Z].*)$/,
    line: /Line (\d+)\)/i,
    table: [
      // Follows an unknown keyword: whether a word opens a block is a matter of its meaning.
      [/Unexpected '\{' - ignoring/, 'meaning'],
      [/unmatched quote|missing '?\}|missing '?\{|Unexpected '?[{}]|extra '?\}|end of (?:line|file)|unmatched|no matching/i, 'syntax'],
      [/closing brace|opening brace|block|'\{'|'\}'/i, 'syntax'],
      [/script|interface .*(?:doesn't|not) exist|does ?n.t exist|user|permission|not accessible|No VRRP|SECURITY|security/i, 'environment'],
      [/./, 'meaning'],
    ],
  },
  mariadb: {
    file: 'my.cnf',
    command: 'mariadbd --defaults-file="$1" --user=mysql --help --verbose >/dev/null',
    stops: true,
    message: /(?:error|warning|\[ERROR\]|\[Warning\]|Warning:)[: ]*(.*)$/i,
    line: /at line:? (\d+)/i,
    table: [
      [/without preceding group|Wrong group definition|Wrong '?!|parsing error|in config file/i, 'syntax'],
      [/Can't (?:create|find|open|read|change)|No such file|errno|Could not|data directory|lc_messages/i, 'environment'],
      [/./, 'meaning'],
    ],
  },
  corosync: {
    file: 'corosync.conf',
    command: 'corosync -t -c "$1"',
    stops: true,
    message: /^(?!.*(?:Corosync Cluster Engine|built-in features|Please see|Configuration file)).*?(?:\[MAIN *\]\s*)?(\S.*)$/,
    line: /[Ll]ine (\d+)/,
    table: [
      [/No valid name found for local host/, 'environment'],
      [/parse error|brace|Missing|Unexpected|[Ll]ine \d+: (?:Line|Start|Section|Extra|Too)/i, 'syntax'],
      [/key|permission|interface|address .*(?:not|local)|resolve/i, 'environment'],
      [/./, 'meaning'],
    ],
  },
  nginx: {
    file: 'nginx.conf',
    command: 'nginx -t -q -c "/mnt/$1"',
    stops: true,
    message: /^nginx: \[(?:emerg|warn|alert|error)\] (.*)$/,
    line: /\.conf:(\d+)/,
    table: [
      [/unexpected (?:end of file|"[;{}]"|"[^"]*")|is not terminated by ";"|has no opening "\{"|too long parameter|unclosed|no opening/i, 'syntax'],
      [/open\(\)|bind\(\)|getpwnam|host not found|mkdir|dlopen|cannot load|no such file/i, 'environment'],
      [/./, 'meaning'],
    ],
  },
}; // prettier-ignore

/** Two files for nginx, which the corpus has none of. */
export const NGINX_FILES = [
  `load_module modules/ngx_stream_module.so;
events { worker_connections 512; }
# The brokers.
stream {
    upstream edge {
        least_conn;
        server 10.1.1.1:443 max_fails=2 fail_timeout=5s;
        server 10.1.1.2:443 max_fails=2 fail_timeout=5s;
    }
    server { listen 127.0.0.1:8443; proxy_pass edge; proxy_timeout 1h; }
}
`,
  `events { }
http {
    log_format short '$remote_addr "$request" $status';
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    upstream web { server 10.1.1.1:8080; server 10.1.1.2:8080 backup; }
    server {
        listen 127.0.0.1:8080;
        location ~ ^/(a|b)/ { proxy_pass http://web; proxy_set_header Connection $connection_upgrade; }
        location / { return 301 "https://$host$request_uri"; }
    }
}
`,
];
