@echo off
rem Graft on one machine: graft --help. Takes the Java runtime beside it or, where that does not run, an installed JDK 25.
setlocal DisableDelayedExpansion
for %%H in ("%~dp0..") do set "GRAFT_HOME=%%~fH"
set "GRAFT_JAVA="
set "GRAFT_FOUND="
call :try "%GRAFT_HOME%\runtime\bin\java.exe"
if not defined GRAFT_JAVA if defined JAVA_HOME call :try "%JAVA_HOME%\bin\java.exe"
if not defined GRAFT_JAVA for %%J in (java.exe) do call :try "%%~$PATH:J"
if not defined GRAFT_JAVA (
    echo graft: the Java runtime in "%GRAFT_HOME%\runtime" does not run on this computer: expected a JDK 25 or newer in JAVA_HOME or on the PATH%GRAFT_FOUND% 1>&2
    exit /b 2
)
set "ORT_DISABLE_TELEMETRY=1"
if not exist "%GRAFT_HOME%\lib\DynamoDBLocal-*.jar" (
    "%GRAFT_JAVA%" "-Drelease.home=%GRAFT_HOME%" -cp "%GRAFT_HOME%\lib\graft.jar" dev.graft.local.FetchDynamoDb %*
    if errorlevel 1 exit /b 2
)
"%GRAFT_JAVA%" "-Drelease.home=%GRAFT_HOME%" -Djava.awt.headless=true -jar "%GRAFT_HOME%\lib\graft.jar" %*
exit /b %ERRORLEVEL%

rem Takes a java.exe if it runs and is new enough.
:try
if "%~1"=="" exit /b 0
if not exist "%~1" exit /b 0
set "GRAFT_LEVEL="
for /f "tokens=3 delims=. " %%V in ('""%~1" -version 2^>^&1 ^| findstr /c:" version ""') do if not defined GRAFT_LEVEL set "GRAFT_LEVEL=%%~V"
set "GRAFT_LEVEL=%GRAFT_LEVEL:"=%"
if not defined GRAFT_LEVEL exit /b 0
if %GRAFT_LEVEL% GEQ 25 (set "GRAFT_JAVA=%~1") else set "GRAFT_FOUND=%GRAFT_FOUND%, found Java %GRAFT_LEVEL% at %~1"
exit /b 0
