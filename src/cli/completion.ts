// hastack completion: the script a shell loads to complete hastack's commands, flags, hosts and drills.
import { command } from './command.ts';
import type { NoFlags } from './command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export const completionCommand = command<NoFlags, [Shell]>({
  brief: 'Print the completion script of a shell',
  usage: 'bash|zsh|fish',
  description: 'Completes commands, flags, presets, the hosts and networks of the spec, and drills.',
  examples: [
    { command: 'source <(hastack completion bash)', does: 'for this bash; put it into ~/.bashrc to keep it' },
    { command: 'hastack completion zsh > ~/.zfunc/_hastack', does: 'for zsh, in a directory of $fpath' },
    { command: 'hastack completion fish > ~/.config/fish/completions/hastack.fish', does: 'for fish' },
  ],
  positional: {
    kind: 'tuple',
    parameters: [
      {
        parse: parseShell,
        placeholder: 'SHELL',
        brief: SHELLS.join(', '),
        proposeCompletions: (partial: string) => SHELLS.filter((shell) => shell.startsWith(partial)),
      },
    ],
  },
  async run({ world }, shell) {
    world.stdout.write(SCRIPTS[shell]);
  },
});

function parseShell(text: string): Shell {
  const shell = SHELLS.find((name) => name === text);
  if (shell === undefined) throw new Error(`is not one of ${SHELLS.join(', ')}`);
  return shell;
}

// The word that is being completed is the last one given to internal-complete. Proposals come as
// `word<tab>description`. Without any, each shell falls back to file names.
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# hastack completion for bash
_hastack() {
  local line words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" internal-complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _hastack hastack ./hastack
`,
  zsh: `#compdef hastack
_hastack() {
  local -a proposals
  local line name
  while IFS= read -r line; do
    name=\${line%%$'\\t'*}
    proposals+=("\${name//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" internal-complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#proposals} )); then _describe hastack proposals; else _files; fi
}
if [ "$funcstack[1]" = "_hastack" ]; then _hastack "$@"; else compdef _hastack hastack; fi
`,
  fish: `# hastack completion for fish
function __hastack_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] internal-complete -- $words[2..-1] 2>/dev/null
end
complete -c hastack -f -n 'count (__hastack_complete) >/dev/null' -a '(__hastack_complete)'
complete -c hastack -F -n 'not count (__hastack_complete) >/dev/null'
`,
};
