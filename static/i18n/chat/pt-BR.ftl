# Papo em português do Brasil: the first screen of the chat. en.ftl has the same keys; a few stand in ../pt-BR.ftl too, and say the same there.

app-name = Papo
skip-to-composer = Pular para a mensagem

## What went wrong with a request, by code

problem-network = Não deu para falar com o servidor. Confira a conexão e tente de novo.

## Rooms

rooms = Salas
rooms-list = Lista de salas
rooms-open = Abrir as salas
room-members = { $count ->
    [0] ninguém por aqui
    [one] { $count } pessoa agora
   *[other] { $count } pessoas agora
}
room-draft = Rascunho:
room-unsent = { $count ->
    [one] { $count } mensagem por enviar
   *[other] { $count } mensagens por enviar
}
room-failed = { $count ->
    [one] { $count } mensagem não enviada
   *[other] { $count } mensagens não enviadas
}
bell = Notificações desta sala
room-new = Nova sala

## People

people = Pessoas na sala
people-show = Mostrar as pessoas na sala
people-hide = Esconder as pessoas na sala
people-here = Na sala
person-you = você
person-typing = digitando…
person-guest = Visitante

## Messages

log = Mensagens de { $room }
log-loading = Carregando as mensagens
log-older = Carregando mensagens mais antigas
log-older-failed = Não deu para carregar as mensagens mais antigas.
log-newer = Carregando mensagens mais novas
log-newer-failed = Não deu para carregar as mensagens mais novas.
log-start = Aqui começa a conversa
log-empty-title = Ninguém falou nada ainda
log-empty-text = Diga oi e comece o papo.
log-failed-title = Não deu para carregar
log-failed-text = A sala não respondeu.
day-today = Hoje
day-yesterday = Ontem
new-messages = { $count ->
    [one] { $count } mensagem nova
   *[other] { $count } mensagens novas
}
jump = Ir para o fim da conversa
jump-new = { $count ->
    [one] Ir para a mensagem nova
   *[other] Ir para as { $count } mensagens novas
}
sys-joined = → { $name } entrou na sala · { $time }
sys-left = ← { $name } saiu da sala · { $time }
sys-moved = ← { $name } foi para outra sala · { $time }
sys-disconnected = ← { $name } perdeu a conexão · { $time }
sys-kicked = ← { $name } foi removido da sala · { $time }
message-pending = Enviando
message-sent = Enviada
message-failed = Não enviada.
message-failed-why = Não enviada: { $why }
message-retry = Tentar de novo
message-delete = Apagar
message-files = { $count ->
    [one] { $count } arquivo
   *[other] { $count } arquivos
}
announce-message = { $name }: { $text }
announce-many = { $count ->
    [one] { $count } mensagem nova
   *[other] { $count } mensagens novas
}
why-no-answer = o servidor não respondeu a tempo
why-too-long = o texto é longo demais
why-upload = um anexo não está mais disponível
why-refused = o servidor recusou a mensagem
why-stale = esperou mais de um dia

## Typing

typing-one = { $a } está digitando…
typing-two = { $a } e { $b } estão digitando…
typing-three = { $a }, { $b } e { $c } estão digitando…
typing-many = { $count ->
    [one] { $a }, { $b } e mais { $count } pessoa estão digitando…
   *[other] { $a }, { $b } e mais { $count } pessoas estão digitando…
}

## Writing and attaching

composer = Escrever mensagem
composer-label = Mensagem para { $room }
composer-placeholder = Escreva uma mensagem
composer-send = Enviar
composer-waiting = Enviando os anexos
composer-wait-cancel = Esperar antes de enviar
composer-left = { $count ->
    [one] Resta { $count } caractere
   *[other] Restam { $count } caracteres
}
composer-over = { $count ->
    [one] Passou { $count } caractere do limite
   *[other] Passou { $count } caracteres do limite
}
attach = Anexar arquivos
attach-drop = Solte aqui para anexar
attach-guest = Visitantes não enviam arquivos aqui.
image-open = Abrir a imagem { $name }
image-failed = imagem indisponível

## Connection and session

offline = Sem conexão. Suas mensagens saem assim que voltar.
offline-retry = Tentar agora
restarting = O servidor está reiniciando. Voltamos em instantes.
moved = Você abriu { $room } em outra aba.
moved-here = Usar aqui
kicked = Você foi removido do servidor.
too-many-tabs = Há abas demais abertas nesta conta. Feche uma delas.
outdated = O Papo mudou. Recarregue a página para continuar.
reload = Recarregar
queue-full = Já há mensagens demais esperando a conexão. O texto fica aqui.
rate-limited = { $seconds ->
    [one] Muitas mensagens seguidas. Esta sai em { $seconds } segundo.
   *[other] Muitas mensagens seguidas. Esta sai em { $seconds } segundos.
}
session-over-title = Sua sessão acabou
session-over-text = Entre de novo para continuar. O que você estava escrevendo ficou guardado.
session-over-guest = O nome de visitante fica livre quando você sai ou fica fora. Entre de novo com ele ou com outro. O que você estava escrevendo volta com o mesmo nome.
session-over-action = Entrar
sign-out = Sair
sign-out-failed = Não deu para sair. Tente de novo.

## Preferences

preferences = Preferências

## Dialogs

close = Fechar
ok = OK
try-again = Tentar de novo
